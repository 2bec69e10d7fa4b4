# The breakages of mutation.sh; see there.

# Before a client is accepted

breakage "strangers may send without end before they are accepted" \
    "attacks:connecting attacks:the_handshake" \
    tls/native/acceptor.rs "Metered::new(stream, allowance)" "Metered::new(stream, { let _ = allowance; u64::MAX })"

breakage "strangers have memory reserved as if they were accepted" \
    "attacks:the_handshake a_hello_that_is_too_big" \
    transport/native/mod.rs "WebSocketLimits { max_msg_size: MAX_HELLO_BYTES }" "WebSocketLimits { max_msg_size: 1 << 20 }"

breakage "sessions stay at the limits of a hello" \
    "the_largest_message_is_taken the_header_of_a_message" \
    transport/native/mod.rs "self.socket.set_config(|config| self.limits.apply(config));" ""

breakage "a limit below that of a hello waits for the whole message" \
    "the_header_of_a_message" \
    transport/native/mod.rs "self.max_msg_size.max(CONTROL_FRAME)" "self.max_msg_size.max(MAX_HELLO_BYTES)"

breakage "a close is held to the size of a message" \
    "a_close_may_be_longer_than_any_message" \
    transport/native/mod.rs "self.max_msg_size.max(CONTROL_FRAME)" "self.max_msg_size"

breakage "a message is measured only once it is in memory" \
    "hostile::sizes" \
    transport/native/mod.rs "config.max_message_size = Some(self.max_msg_size);" "config.max_message_size = None;" \
    transport/native/mod.rs "config.max_frame_size = Some(self.max_msg_size.max(CONTROL_FRAME));" "config.max_frame_size = None;" \
    transport/native/mod.rs "(self.max_msg_size as u64).saturating_mul(2).saturating_add(HANDSHAKE_BYTES)" "u64::MAX"

breakage "parts without content are taken without end" \
    "attacks:a_session" \
    net/meter.rs "self.allowance = self.allowance.saturating_sub(read);" ""

breakage "a second client gets in under an id that is taken" \
    "a_second_client_with_the_same_id hostile::identity" \
    server/sessions/registry.rs "if state.clients.contains_key(&client.id) {" "if false {"

breakage "who does not know the secret is accepted" \
    "every_wrong_secret_is_refused_alike" \
    auth/authenticator.rs "if expected == secret =>" "if expected == secret || true =>"

breakage "the protocol is not compared" \
    "a_small_limit_for_messages_still_lets_a_refusal_pass another_protocol_is_told" \
    server/accept/handshake.rs "if hello.protocol == ours.hash() && hello.channel == ours.name() {" "if true {"

breakage "a mismatch of protocols is retried for ever" \
    "a_small_limit_for_messages_still_lets_a_refusal_pass a_refusal_for_good_ends_the_client" \
    wire/close.rs "                    | Self::ProtocolMismatch(_)
" ""

breakage "secrets are printed" \
    "secrets_are_not_printed" \
    auth/secret.rs 'f.write_str("Secret(..)")' 'write!(f, "Secret({:?})", self.0.as_slice())'

# Authentication

breakage "anybody can sign a token" \
    "unit:tampered_truncated_or_extended_token unit:signature_without_the_token_domain" \
    auth/verify.rs "if !token.is_signed_by(&key) {" "if false {"

breakage "a token for one channel is good for all" \
    "unit:token_for_another_audience every_token_that_is_not_accepted" \
    auth/verify.rs "if !self.accepts_audience(&payload.audience, own_channel) {" "if false {"

breakage "a token is good for ever" \
    "unit:token_is_refused_from_its_expiry_on every_token_that_is_not_accepted" \
    auth/verify.rs "if identity.is_expired(now) {" "if false {"

breakage "a stranger learns why it is refused" \
    "auth::refusals" \
    server/accept/authenticate.rs '"authentication refused");
            REFUSED' '"authentication refused");
            CloseReason::AuthenticationRefused(refusal.to_string())'

breakage "a panic of an authenticator is felt" \
    "an_application_that_refuses_or_panics" \
    auth/authenticator.rs "AssertUnwindSafe(authentication)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(AuthRefusal::new(\"the authenticator panicked\")))" "authentication.await"

breakage "a session outlasts its token" \
    "a_session_ends_when_its_token_expires a_token_that_expires_ends_a_real_session" \
    server/accept/authenticate.rs "filter(|_| self.config.enforce_expiry)" "filter(|_| false)"

breakage "a session outlasts the revocation of its token" \
    "what_is_revoked_ends_at_once" \
    server/accept/authenticate.rs "self.registry.for_each(|client| self.end_revoked(client));" ""

breakage "what is revoked on the threshold gets in" \
    "what_is_revoked_on_the_threshold" \
    server/sessions/guard.rs "shared.end_revoked(&guard.client);" ""

breakage "a session goes on with the token of another client" \
    "a_fresh_token_that_is_not_accepted" \
    server/accept/authenticate.rs "Some(client) if client != identity.client_id =>" "Some(client) if client != identity.client_id && false =>"

breakage "all fresh tokens are judged at once" \
    "fresh_tokens_are_judged_beside_the_session" \
    server/sessions/fresh_tokens.rs "let idle = matches!(*state, State::Idle);" "let idle = true;"

breakage "fresh tokens come as fast as they like" \
    "unit:flood_of_fresh_tokens" \
    session/server.rs "let found = self.fresh_tokens.take(now);" "let found = Token::Taken;"

breakage "a client connects with a token that has expired" \
    "a_client_whose_only_token_has_expired" \
    client/connection/mod.rs "if credentials.have_expired() {" "if false {"

breakage "a client whose only token has expired comes back" \
    "a_client_whose_only_token_expires_ends_with_it" \
    client/connection/mod.rs "if *reason == CloseReason::AuthenticationExpired && credentials.are_single_token() {" "if false {"

breakage "fresh tokens are not sent" \
    "a_session_outlives_its_tokens" \
    client/connection/credentials.rs "send(wire::token(token.as_bytes()));" ""

breakage "a client shows the token of another" \
    "an_attempt_without_a_token" \
    client/connection/credentials.rs "owner if owner == client =>" "owner if owner == client || true =>"

breakage "a client stays where its provider does not want it" \
    "a_provider_sends_its_client_to_another_server" \
    client/connection/credentials.rs "connector.set_url(url).map_err(provider_error)?;" "let _ = (url, &connector);"

# TLS, and where pages are from

breakage "what TLS adds to the bytes does not count" \
    "what_tls_adds_to_the_bytes_counts_too" \
    tls/native/rustls/acceptor.rs "HANDSHAKE_BYTES + allowance" "{ let _ = (HANDSHAKE_BYTES, allowance); u64::MAX }"

breakage "a required certificate may be left out" \
    "without_a_required_certificate_nobody_gets_in" \
    tls/native/rustls/acceptor.rs "ClientCertificates::Required(_) => verifier," \
    "ClientCertificates::Required(_) => verifier.allow_unauthenticated(),"

breakage "TLS sessions of clients with certificates are resumed" \
    "a_certificate_is_shown_at_every_connect" \
    tls/native/rustls/acceptor.rs "_ => config.send_tls13_tickets = 0," "_ => config.ticketer = Ticketer::new().map_err(setup_error)?,"

breakage "who fails in the TLS handshake is not told why" \
    "http_1_1_is_what_both_agree_on" \
    net/meter.rs "Pin::new(&mut self.stream).poll_write_vectored(context, slices)" \
    "Pin::new(&mut self.stream).poll_write(context, &slices[0])"

breakage "the end of TLS is not announced" \
    "the_end_of_a_session_is_the_end_of_tls" \
    driver/closing.rs "    transport.close_notify();
" ""

breakage "what ends in an allowed domain counts as below it" \
    "unit:wildcard_matches_whole_labels_only" \
    origin/mod.rs ".and_then(|labels| labels.strip_suffix('.'))" ""

breakage "pages of any origin may connect" \
    "pages_of_other_origins_are_refused" \
    origin/mod.rs "if allowed { Ok(()) } else { Err(OriginRefused::NotAllowed) }" \
    "if allowed { Ok(()) } else { Err(OriginRefused::NotAllowed).or(Ok(())) }"

# Order

breakage "events overtake each other in the inbox: a message comes before its Connected" \
    "s1_ s2_" \
    event_queue.rs "state.events.append(events);" "while let Some(event) = events.pop_back() { state.events.push_front(event); }"

breakage "a rejection overtakes an earlier message" \
    "s5_" \
    session/outbox.rs "self.frames.push_back(frame);" \
    "if frame.first() == Some(&(0x46)) { self.frames.push_front(frame) } else { self.frames.push_back(frame) }"

breakage "a client that is sent away does not get what was sent before" \
    "s5_" \
    session/server.rs "    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.close(reason);" "    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.abort(reason);"

breakage "closing a client gives up what it had accepted" \
    "closing_a_client_flushes" \
    session/client.rs "    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.close(reason);" "    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.abort(reason);"

breakage "a client is connected before it is welcomed" \
    "c1_ a_reply_that_never_comes" \
    client/connection/mod.rs "        shared.events.push_connected(self.sessions);
" "" \
    client/connection/mod.rs "poll_fn(|context| transport.poll_flush(context)).await?;" \
    "poll_fn(|context| transport.poll_flush(context)).await?; shared.events.push_connected(1);"

breakage "a server that goes rejects before its application has answered Connected" \
    "unit:c8_draining" \
    session/server.rs "if self.draining.is_some() && self.connected_handled {" "if self.draining.is_some() {"

breakage "an id is free before the Disconnected of its session" \
    "is_taken_over_at_once" \
    server/sessions/guard.rs "        self.end(ended);
" "        self.shared.registry.release(&self.client); tokio::task::yield_now().await; self.end(ended);
"

breakage "IsDead comes before the end of the session" \
    "closing_a_client_flushes c5_" \
    client/connection/mod.rs "        self.end_session(reason, unanswered)
" "        if shared.closed.is_cancelled() { shared.die(DeathReason::ClosedBySelf); }
        self.end_session(reason, unanswered)
"

# Who is meant, and what is said of it

breakage "the server sends before Connected is taken" \
    "s4_" \
    session/server.rs "if self.opened { self.push(frame) } else { SendOutcome::NotConnected }" "self.push(frame)"

breakage "a client sends before Connected is taken" \
    "c4_nothing" \
    session/client.rs "        if !self.opened {
            return Err(SendError::NotConnected);
        }
" ""

breakage "a stale token answers all the same" \
    "s6_" \
    server/sessions/guard.rs "self.client.link.end(ended.reason.clone());" ""

breakage "a token that is dropped leaves its request open" \
    "s7_" \
    channel/raw_token.rs "if !self.answered {" "if false {"

breakage "a response that panics while it is written leaves its request open" \
    "s7_" \
    channel/raw_token.rs "if !self.answered {" "if !self.answered && !std::thread::panicking() {"

breakage "a request that was handed over is said not to be sent" \
    "unit:c6_ c6_statuses faults::cut statuses_are_true" \
    session/client.rs "if pending.number <= handed {" "if false {"

breakage "a request that was never handed over is said to be lost" \
    "unit:c6_" \
    session/client.rs "if pending.number <= handed {" "if true {"

breakage "requests of a session that ends are forgotten" \
    "c2_ faults::cut" \
    client/connection/mod.rs "unanswered.into_iter().chain(pending)" "unanswered.into_iter().chain(pending.into_iter().take(0))"

breakage "the status of a message that was lost never settles" \
    "c6_statuses" \
    client/requests/signals.rs "} else if !ended {" "} else if !ended || self.is_handed() {"

breakage "a message that was handed over is said to have failed" \
    "c6_statuses" \
    client/requests/signals.rs "            MessageStatus::Lost
" "            MessageStatus::Failed
"

# Bounds

breakage "an outbox has no bound" \
    "backpressure an_outbox_is_bounded who_takes_nothing" \
    session/outbox.rs "if waiting > 0 && waiting + weight(&frame) > self.capacity {" "if false {"

breakage "a frame in the outbox weighs its bytes only" \
    "an_outbox_is_bounded_in_frames" \
    session/outbox.rs "frame.len() as u64 + 64" "frame.len() as u64"

breakage "the server's inbox has no shares: a flooder fills it" \
    "a_flood_of_messages_waits a_flooder_does_not" \
    server/events/queue.rs "(self.events.capacity() / self.sessions.load(Ordering::Acquire).max(1)).max(1)" "usize::MAX"

breakage "sessions are admitted however full the inbox is" \
    "the_inbox_is_bounded_in_bytes" \
    server/accept/handshake.rs "    shared.queue.admission().await;
" ""

breakage "what clients say as they connect waits without weight" \
    "what_clients_say_as_they_connect" \
    server/sessions/guard.rs "guard.report(connected, size);" "guard.report(connected, { let _ = size; 0 });"

breakage "an event weighs its bytes, however large it is in memory" \
    "unit:size_of_a_value_is_its_bytes the_inbox_is_bounded_in_memory a_clients_inbox_is_bounded_in_memory" \
    wire/codec/decode/mod.rs "bytes.len().max(input.claimed().saturating_add(size_of::<T>()))" "bytes.len()"

breakage "a batch counts frames, however large they are" \
    "unit:batch_weighs_at_most" \
    driver/mod.rs "weight += event_weight(frame.len());" "weight += 1;"

breakage "more requests than granted are taken" \
    "more_requests_than_granted" \
    session/server.rs "if self.in_flight.len() >= self.limits.max_in_flight {" "if false {"

breakage "a client does not keep to the cap of requests by itself" \
    "the_client_fails_a_call_beyond_the_servers_cap" \
    session/client.rs "if self.is_open() && self.pending.len() >= self.limits.max_in_flight {" "if false {"

breakage "an id in flight is given twice" \
    "an_id_in_flight_is_not_given_twice" \
    session/server.rs "if !self.in_flight.insert(id, ()) {" "self.in_flight.insert(id, ()); if false {"

# Liveness

breakage "a half-open connection is never noticed" \
    "faults::frozen" \
    session/liveness.rs "self.received_at + self.heartbeat.timeout;" "self.received_at + LONGEST;"

breakage "who is kept waiting by a full inbox is dropped" \
    "who_is_kept_waiting" \
    session/liveness.rs "if !self.paused && now >= self.times_out_at() {" "if now >= self.times_out_at() {"

breakage "a message that drips is waited for" \
    "unit:partial_frame_counts attacks:a_session" \
    session/liveness.rs "Some(since) => silent.min(since + self.heartbeat.frame_timeout)," "Some(_) => silent,"

breakage "who could not run judges before it asks" \
    "unit:stalled_session_pings_before_it_times_out_its_peer" \
    session/liveness.rs "now >= self.next_ping + self.heartbeat.interval" "false"

breakage "a peer that died meanwhile is excused again and again" \
    "unit:repeated_stalls_delay_the_timeout_only_once" \
    session/liveness.rs "if self.answer_by.is_some() || !self.has_stalled(now) {" "if !self.has_stalled(now) {"

breakage "a doubtful connection counts as one until the timeout" \
    "unit:probe_detects_a_dead_peer_within_an_interval" \
    session/liveness.rs "self.answer_by = Some(self.times_out_at().min(now + self.heartbeat.interval));" ""

breakage "who is throttled is read from at the next heartbeat only" \
    "unit:throttled_peer" \
    driver/mod.rs "is_some_and(|until| time::now() < until)" "is_some()"

breakage "room in the server's inbox wakes nobody" \
    "what_waits_for_room" \
    server/sessions/remote_client.rs "            self.link.wake();
" ""

breakage "room in the client's inbox wakes nobody" \
    "what_waits_for_room" \
    client/shared.rs "            self.link.wake();
" ""

breakage "a clogged session has no deadline to close" \
    "a_client_that_takes_nothing_can_be_sent_away" \
    driver/mod.rs "[timeout, closing].into_iter().flatten().min()" "[timeout].into_iter().flatten().min()"

breakage "a server without file descriptors spins" \
    "processes::starved" \
    server/accept/mod.rs "                    shared.unless_stopped(time::sleep(ACCEPT_PAUSE)).await;
" ""

breakage "a server without file descriptors gives up" \
    "processes::starved" \
    server/accept/mod.rs "                    shared.unless_stopped(time::sleep(ACCEPT_PAUSE)).await;
" "                    return;
"

# Behind a route

breakage "a route does not meter what comes before the hello" \
    "axum::limits::what_comes" \
    transport/native/upgrade.rs "Metered::new(stream, HANDSHAKE_BYTES)" "Metered::new(stream, u64::MAX)"

breakage "a route lets more wait than may be pending" \
    "axum::limits::where_there_is_no_place" \
    server/builder/axum.rs "config.max_pending.clamp(1, BACKLOG)" "BACKLOG"

breakage "a route takes pages of any origin" \
    "axum::upgrade::pages_of_other_origins" \
    transport/native/upgrade.rs "    origins.check(request.headers().get_all(ORIGIN).iter().map(HeaderValue::as_bytes))?;
" "    let _ = (origins, ORIGIN, HeaderValue::as_bytes);
"

breakage "a route forgets the subprotocol" \
    "axum::upgrade::the_subprotocol" \
    transport/native/upgrade.rs "    echo_subprotocol(request, &mut response);
" "    let _ = (&mut response, echo_subprotocol);
"

breakage "a route speaks any version of WebSocket over HTTP/2" \
    "axum::upgrade::over_http_2" \
    transport/native/upgrade.rs "is_none_or(|version| version != \"13\")" "is_none()"

# The end

breakage "who has ceased to write is told no more" \
    "half_closed::who_is_sent_away a_client_that_takes_nothing_can_read_later" \
    tls/native/stream.rs "let ended = room > 0 &&" "let ended = false && room > 0 &&"

breakage "who has ceased to write is not told why it is sent away" \
    "half_closed::who_is_sent_away a_client_that_takes_nothing_can_read_later" \
    driver/mod.rs "matches!(error, TransportError::Closed(_))" "!matches!(error, TransportError::Violation(_))"

breakage "who has ceased to write is not welcomed" \
    "half_closed::who_says_no_more_than_its_hello" \
    driver/mod.rs "        session.core().outbox().take(&mut outgoing);
" "        let _ = &mut outgoing;
"

breakage "who has ceased to write has no time to read" \
    "a_client_that_takes_nothing_can_read_later" \
    driver/closing.rs "return flushed.map(drop)" "return Poll::Ready(())"

breakage "a server that is dropped keeps its port" \
    "dropping_a_server_frees_its_port" \
    server/handle.rs "        self.handle.shared.stop();
" ""

breakage "a client that is dropped goes on" \
    "dropping_a_client_ends_its_session a_handle_does_not_keep" \
    client/handle.rs "    fn drop(&mut self) {
        self.0.close();" "    fn drop(&mut self) {"

breakage "a shutdown does not wait until its clients have read why" \
    "a_shutdown_waits_until_its_clients_have_read_why" \
    server/accept/mod.rs "drop((slot, address_slot, tracked));" "drop((slot, address_slot));"

breakage "a closing session cuts off who is slow" \
    "unit:close_waits_for_a_slow_reader" \
    driver/closing.rs "weight * 1_000_000 / LEAST_RATE" "weight / LEAST_RATE"

breakage "a closing session waits as long as its client takes anything" \
    "unit:close_does_not_wait_for_a_reader_below_the_least_rate" \
    driver/closing.rs "self.deadline += Duration::from_micros" "self.deadline += CLOSE_TIMEOUT + Duration::from_micros"

breakage "a shutdown does not wait for answers" \
    "a_shutdown_waits_for_answers" \
    session/server.rs "        if self.in_flight.is_empty()
            && let Some(reason)" "        if let Some(reason)"

# In whatever order things happen

breakage "a close tells its first reason, though what was to come before it is given up" \
    "unit:close_after_dropped_frames" \
    driver/closing.rs "        if !closing.queued {
            closing.reason = reason.clone();
        }
" ""

breakage "what came before a connection broke is not heard" \
    "simulation:keeps_every_promise" \
    driver/mod.rs "        // Frames that arrived before an error are processed.
        self.handle_incoming();" "        if outcome.is_ok() { self.handle_incoming(); }"

breakage "a session begins while the server goes" \
    "simulation:keeps_every_promise" \
    server/sessions/registry.rs "        if let Some(reason) = &state.closed {
            return Err(reason.clone());
        }
" ""

breakage "a connection is dropped with what its peer has not read" \
    "simulation:keeps_every_promise" \
    driver/closing.rs "time::timeout(CLOSE_TIMEOUT, closed)" "time::timeout(Duration::ZERO, closed)"

breakage "a Connected that was left untaken opens the next session" \
    "simulation:keeps_every_promise" \
    session/client.rs "self.opened |= number == self.number;" "self.opened |= number <= self.number;"

breakage "the end of a session comes behind the requests that it leaves" \
    "simulation:keeps_every_promise" \
    client/connection/mod.rs "        shared.events.push_event(ClientEvent::Report(report));
        for ended in unanswered.into_iter().chain(pending) {
            Waiter::end(ended, &shared.events);
        }
" "        for ended in unanswered.into_iter().chain(pending) {
            Waiter::end(ended, &shared.events);
        }
        shared.events.push_event(ClientEvent::Report(report));
"
