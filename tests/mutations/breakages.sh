# The breakages of mutation.sh; see there.

# Before a client is accepted

breakage "strangers may send without end before they are accepted" \
    "attacks:connecting attacks:the_handshake" \
    tls/native/acceptor.rs "Metered::new(stream, allowance)" "Metered::new(stream, { let _ = allowance; u64::MAX })"

breakage "strangers have memory reserved as if they were accepted" \
    "attacks:the_handshake oversized_hello_is_refused_by_its_header" \
    transport/native/mod.rs "WebSocketLimits { max_msg_size: MAX_HELLO_BYTES }" "WebSocketLimits { max_msg_size: 1 << 20 }"

breakage "sessions stay at the limits of a hello" \
    "largest_message_is_accepted oversized_message_header_is_refused" \
    transport/native/mod.rs "self.socket.set_config(|config| self.limits.apply(config));" ""

breakage "a limit below that of a hello waits for the whole message" \
    "oversized_message_header_is_refused" \
    transport/native/mod.rs "self.max_msg_size.max(CONTROL_FRAME)" "self.max_msg_size.max(MAX_HELLO_BYTES)"

breakage "a close is held to the size of a message" \
    "close_frame_may_exceed_the_message_limit" \
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
    "duplicate_id_is_refused_and_may_retry hostile::identity" \
    server/sessions/registry.rs "if state.clients.contains_key(&client.id) {" "if false {"

breakage "who does not know the secret is accepted" \
    "every_wrong_secret_gets_the_same_refusal" \
    auth/authenticator.rs "if expected == secret =>" "if expected == secret || true =>"

breakage "the protocol is not compared" \
    "small_message_limit_does_not_apply_to_a_refusal other_protocol_is_refused_with_the_servers_hash" \
    server/accept/handshake.rs "if hello.protocol == ours.hash() && hello.channel == ours.name() {" "if true {"

breakage "a mismatch of protocols is retried for ever" \
    "small_message_limit_does_not_apply_to_a_refusal terminal_refusal_ends_the_client_with_a_printable_text" \
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
    "unit:token_for_another_audience every_invalid_token_gets_the_same_refusal" \
    auth/verify.rs "if !self.accepts_audience(&payload.audience, own_channel) {" "if false {"

breakage "a token is good for ever" \
    "unit:token_is_refused_from_its_expiry_on every_invalid_token_gets_the_same_refusal" \
    auth/verify.rs "if identity.is_expired(now) {" "if false {"

breakage "a stranger learns why it is refused" \
    "auth::refusals" \
    server/accept/authenticate.rs '"authentication refused");
            REFUSED' '"authentication refused");
            CloseReason::AuthenticationRefused(refusal.to_string())'

breakage "a panic of an authenticator is felt" \
    "refusal_by_the_application_hides_its_reason" \
    auth/authenticator.rs "AssertUnwindSafe(authentication)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(AuthRefusal::new(\"the authenticator panicked\")))" "authentication.await"

breakage "a session outlasts its token" \
    "session_ends_when_its_token_expires expired_token_closes_a_raw_session_with_its_own_code" \
    server/accept/authenticate.rs "filter(|_| self.config.enforce_expiry)" "filter(|_| false)"

breakage "a session outlasts the revocation of its token" \
    "revoked_session_ends_at_once_for_good" \
    server/accept/authenticate.rs "self.registry.for_each(|client| self.end_revoked(client));" ""

breakage "what is revoked on the threshold gets in" \
    "token_revoked_during_the_handshake_is_refused" \
    server/sessions/guard.rs "shared.end_revoked(&guard.client);" ""

breakage "a session goes on with the token of another client" \
    "invalid_fresh_token_ends_the_session_like_any_refusal" \
    server/accept/authenticate.rs "Some(client) if client != identity.client_id =>" "Some(client) if client != identity.client_id && false =>"

breakage "all fresh tokens are judged at once" \
    "fresh_tokens_are_verified_one_at_a_time_beside_the_session" \
    server/sessions/fresh_tokens.rs "let idle = matches!(*state, State::Idle);" "let idle = true;"

breakage "fresh tokens come as fast as they like" \
    "unit:flood_of_fresh_tokens" \
    session/server.rs "let found = self.fresh_tokens.take(now);" "let found = Token::Taken;"

breakage "a client connects with a token that has expired" \
    "client_with_an_expired_token_is_dead_without_an_attempt" \
    client/connection/mod.rs "if credentials.have_expired() {" "if false {"

breakage "a client whose only token has expired comes back" \
    "client_without_a_provider_ends_when_its_token_expires" \
    client/connection/mod.rs "if *reason == CloseReason::AuthenticationExpired && credentials.are_single_token() {" "if false {"

breakage "fresh tokens are not sent" \
    "session_outlives_its_tokens_by_fresh_ones" \
    client/connection/credentials.rs "send(wire::token(token.as_bytes()));" ""

breakage "a client shows the token of another" \
    "attempt_without_a_token_fails" \
    client/connection/credentials.rs "owner if owner == client =>" "owner if owner == client || true =>"

breakage "a client stays where its provider does not want it" \
    "provider_can_redirect_its_client_to_another_server" \
    client/connection/credentials.rs "connector.set_url(url).map_err(provider_error)?;" "let _ = (url, &connector);"

# TLS, and where pages are from

breakage "what TLS adds to the bytes does not count" \
    "tls_overhead_is_metered" \
    tls/native/rustls/acceptor.rs "HANDSHAKE_BYTES + allowance" "{ let _ = (HANDSHAKE_BYTES, allowance); u64::MAX }"

breakage "a required certificate may be left out" \
    "client_without_a_required_certificate_is_refused" \
    tls/native/rustls/acceptor.rs "ClientCertificates::Required(_) => verifier," \
    "ClientCertificates::Required(_) => verifier.allow_unauthenticated(),"

breakage "TLS sessions of clients with certificates are resumed" \
    "client_certificate_is_sent_on_every_connect" \
    tls/native/rustls/acceptor.rs "_ => config.send_tls13_tickets = 0," "_ => config.ticketer = Ticketer::new().map_err(setup_error)?,"

breakage "who fails in the TLS handshake is not told why" \
    "alpn_selects_http_1_1_or_fails_with_an_alert" \
    net/meter.rs "Pin::new(&mut self.stream).poll_write_vectored(context, slices)" \
    "Pin::new(&mut self.stream).poll_write(context, &slices[0])"

breakage "the end of TLS is not announced" \
    "session_end_sends_close_notify" \
    driver/closing.rs "    transport.close_notify();
" ""

breakage "what ends in an allowed domain counts as below it" \
    "unit:wildcard_matches_whole_labels_only" \
    origin/mod.rs ".and_then(|labels| labels.strip_suffix('.'))" ""

breakage "pages of any origin may connect" \
    "pages_of_other_origins_are_refused_before_the_upgrade" \
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
    "closed_client_flushes_its_accepted_messages" \
    session/client.rs "    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.close(reason);" "    pub(crate) fn close(&mut self, reason: CloseReason) {
        self.core.outbox.abort(reason);"

breakage "a client is connected before it is welcomed" \
    "c1_ missing_reply_times_out" \
    client/connection/mod.rs "        shared.events.push_connected(self.sessions);
" "" \
    client/connection/mod.rs "poll_fn(|context| transport.poll_flush(context)).await?;" \
    "poll_fn(|context| transport.poll_flush(context)).await?; shared.events.push_connected(1);"

breakage "a server that goes rejects before its application has answered Connected" \
    "unit:c8_draining" \
    session/server.rs "if self.draining.is_some() && self.connected_handled {" "if self.draining.is_some() {"

breakage "an id is free before the Disconnected of its session" \
    "client_that_reads_nothing_is_taken_over_at_once" \
    server/sessions/guard.rs "        self.end(ended);
" "        self.shared.registry.release(&self.client); tokio::task::yield_now().await; self.end(ended);
"

breakage "IsDead comes before the end of the session" \
    "closed_client_flushes_its_accepted_messages c5_" \
    client/connection/mod.rs "        self.end_session(reason, unanswered)
" "        if shared.closed.is_cancelled() { shared.die(DeathReason::ClosedBySelf); }
        self.end_session(reason, unanswered)
"

# Who is meant, and what is said of it

breakage "the server sends before Connected is taken" \
    "s4_" \
    session/server.rs "if self.opened { self.push(frame) } else { SendOutcome::NotConnected }" "self.push(frame)"

breakage "a client sends before Connected is taken" \
    "c4_client_sends_nothing_before_connected_is_received" \
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
    "unit:c6_ c6_statuses_report_the_progress_of_each_message faults::cut killed_server_leaves_true_statuses_and_all_clients_reconnect" \
    session/client.rs "if pending.number <= handed {" "if false {"

breakage "a request that was never handed over is said to be lost" \
    "unit:c6_" \
    session/client.rs "if pending.number <= handed {" "if true {"

breakage "requests of a session that ends are forgotten" \
    "c2_ faults::cut" \
    client/connection/mod.rs "unanswered.into_iter().chain(pending)" "unanswered.into_iter().chain(pending.into_iter().take(0))"

breakage "the status of a message that was lost never settles" \
    "c6_statuses_report_the_progress_of_each_message" \
    client/requests/signals.rs "} else if !ended {" "} else if !ended || self.is_handed() {"

breakage "a message that was handed over is said to have failed" \
    "c6_statuses_report_the_progress_of_each_message" \
    client/requests/signals.rs "            MessageStatus::Lost
" "            MessageStatus::Failed
"

# Bounds

breakage "an outbox has no bound" \
    "backpressure outbox_is_bounded_for_tiny_frames peer_that_reads_nothing_is_disconnected" \
    session/outbox.rs "if waiting > 0 && waiting + weight(&frame) > self.capacity {" "if false {"

breakage "a frame in the outbox weighs its bytes only" \
    "outbox_is_bounded_for_tiny_frames" \
    session/outbox.rs "frame.len() as u64 + 64" "frame.len() as u64"

breakage "the server's inbox has no shares: a flooder fills it" \
    "flood_of_messages_is_held_back_without_loss flooding_client_does_not_keep_others_from_connecting" \
    server/events/queue.rs "(self.events.capacity() / self.sessions.load(Ordering::Acquire).max(1)).max(1)" "usize::MAX"

breakage "sessions are admitted however full the inbox is" \
    "event_queue_is_bounded_in_bytes_across_sessions" \
    server/accept/handshake.rs "    shared.queue.admission().await;
" ""

breakage "what clients say as they connect waits without weight" \
    "connect_messages_are_bounded_across_sessions" \
    server/sessions/guard.rs "guard.report(connected, size);" "guard.report(connected, { let _ = size; 0 });"

breakage "an event weighs its bytes, however large it is in memory" \
    "unit:size_of_a_value_is_its_bytes event_queue_is_bounded_in_memory_across_sessions event_queue_of_a_client_is_bounded_in_memory" \
    wire/codec/decode/mod.rs "bytes.len().max(input.claimed().saturating_add(size_of::<T>()))" "bytes.len()"

breakage "a batch counts frames, however large they are" \
    "unit:batch_weight_is_limited" \
    driver/mod.rs "weight += event_weight(frame.len());" "weight += 1;"

breakage "more requests than granted are taken" \
    "requests_beyond_the_limit_end_the_session" \
    session/server.rs "if self.in_flight.len() >= self.limits.max_in_flight {" "if false {"

breakage "a client does not keep to the cap of requests by itself" \
    "call_beyond_the_servers_limit_fails_in_the_client" \
    session/client.rs "if self.is_open() && self.pending.len() >= self.limits.max_in_flight {" "if false {"

breakage "an id in flight is given twice" \
    "request_id_in_flight_cannot_be_reused" \
    session/server.rs "if !self.in_flight.insert(id, ()) {" "self.in_flight.insert(id, ()); if false {"

# Liveness

breakage "a half-open connection is never noticed" \
    "faults::frozen" \
    session/liveness.rs "self.received_at + self.heartbeat.timeout;" "self.received_at + LONGEST;"

breakage "who is kept waiting by a full inbox is dropped" \
    "client_held_back_by_a_full_event_queue_stays_connected_without_loss" \
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
    "free_space_resumes_reading_at_once" \
    server/sessions/remote_client.rs "            self.link.wake();
" ""

breakage "room in the client's inbox wakes nobody" \
    "free_space_resumes_reading_at_once" \
    client/shared.rs "            self.link.wake();
" ""

breakage "a clogged session has no deadline to close" \
    "client_that_reads_nothing_can_be_kicked" \
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
    "axum::limits::received_bytes_are_limited_below_the_websocket" \
    transport/native/upgrade.rs "Metered::new(stream, HANDSHAKE_BYTES)" "Metered::new(stream, u64::MAX)"

breakage "a route lets more wait than may be pending" \
    "axum::limits::route_without_capacity_responds_with_unavailable" \
    server/builder/axum.rs "config.max_pending.clamp(1, BACKLOG)" "BACKLOG"

breakage "a route takes pages of any origin" \
    "axum::upgrade::pages_of_other_origins_are_refused_by_the_route" \
    transport/native/upgrade.rs "    origins.check(request.headers().get_all(ORIGIN).iter().map(HeaderValue::as_bytes))?;
" "    let _ = (origins, ORIGIN, HeaderValue::as_bytes);
"

breakage "a route forgets the subprotocol" \
    "axum::upgrade::offered_subprotocol_is_echoed" \
    transport/native/upgrade.rs "    echo_subprotocol(request, &mut response);
" "    let _ = (&mut response, echo_subprotocol);
"

breakage "a route speaks any version of WebSocket over HTTP/2" \
    "axum::upgrade::http_2_stream_becomes_a_websocket" \
    transport/native/upgrade.rs "is_none_or(|version| version != \"13\")" "is_none()"

# The end

breakage "who has ceased to write is told no more" \
    "half_closed::half_closed_peer_receives_the_close_reason client_that_reads_later_receives_the_close_reason" \
    tls/native/stream.rs "let ended = room > 0 &&" "let ended = false && room > 0 &&"

breakage "who has ceased to write is not told why it is sent away" \
    "half_closed::half_closed_peer_receives_the_close_reason client_that_reads_later_receives_the_close_reason" \
    driver/mod.rs "matches!(error, TransportError::Closed(_))" "!matches!(error, TransportError::Violation(_))"

breakage "who has ceased to write is not welcomed" \
    "half_closed::peer_that_half_closes_after_its_hello_is_welcomed" \
    driver/mod.rs "        session.core().outbox().take(&mut outgoing);
" "        let _ = &mut outgoing;
"

breakage "who has ceased to write has no time to read" \
    "client_that_reads_later_receives_the_close_reason" \
    driver/closing.rs "return flushed.map(drop)" "return Poll::Ready(())"

breakage "a server that is dropped keeps its port" \
    "dropped_server_frees_its_port_and_closes_its_clients" \
    server/handle.rs "        self.handle.shared.stop();
" ""

breakage "a client that is dropped goes on" \
    "dropped_client_ends_its_session handle_does_not_keep_its_client_alive" \
    client/handle.rs "    fn drop(&mut self) {
        self.0.close();" "    fn drop(&mut self) {"

breakage "a shutdown does not wait until its clients have read why" \
    "shutdown_waits_until_its_clients_have_received_the_reason" \
    server/accept/mod.rs "drop((slot, address_slot, tracked));" "drop((slot, address_slot));"

breakage "a closing session cuts off who is slow" \
    "unit:close_waits_for_a_slow_reader" \
    driver/closing.rs "weight * 1_000_000 / MIN_READ_RATE" "weight / MIN_READ_RATE"

breakage "a closing session waits as long as its client takes anything" \
    "unit:close_does_not_wait_for_a_reader_below_the_minimum_rate" \
    driver/closing.rs "self.deadline += Duration::from_micros" "self.deadline += CLOSE_TIMEOUT + Duration::from_micros"

breakage "a shutdown does not wait for answers" \
    "shutdown_waits_for_answers_and_reports_counts" \
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
