//! The table of clocks: the client, the login service and the server, each of them right or wrong,
//! against the fate of a client. Time is virtual; the rules are those of the running program.

#![expect(clippy::expect_used, reason = "a failed expectation fails the test")]

use std::{
    fmt::Write,
    time::{Duration, SystemTime},
};

use crate::{
    auth::{
        AuthSigningKey, AuthToken, AuthTokenBuilder, TokenRefusal, TokenVerifier,
        generate_auth_token_keys,
    },
    client::connection::{renewal::renewal, single_token::SingleToken},
    session::Expiry,
    test,
    time::{Instant, now},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const YEAR: i64 = 365 * 24 * HOUR;

/// The lifetime of every token, in seconds.
const LIFETIME: i64 = HOUR;

/// The duration of a run, in seconds.
const DAY: i64 = 24 * HOUR;

/// The errors of the clocks, in seconds.
const SKEWS: [i64; 9] =
    [0, 20, 2 * MINUTE, 50 * MINUTE, 5 * YEAR, -20, -2 * MINUTE, -50 * MINUTE, -5 * YEAR];

/// The errors of the three wall clocks, in seconds. A positive clock is ahead.
#[derive(Clone, Copy, Default)]
struct Clocks {
    client: i64,
    login: i64,
    server: i64,
}

/// The end of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Refused at the hello, and dead because the token has expired by the client's clock.
    RefusedAsExpired,
    /// Refused at the hello, and dead without a known reason.
    Refused,
    /// Accepted, and dead when the only token expires after these seconds.
    ExpiresAfter(i64),
    /// Accepted, and connected to the end of the run. The provider is called so often during the
    /// session, and at intervals of at least so many seconds.
    Renewed { calls: usize, interval: i64 },
    /// The fresh token that arrives after these seconds ends the session.
    FreshTokenRefused(i64),
    /// The session ends after these seconds because its renewal comes too late.
    RenewedTooLate(i64),
}

struct World {
    key: AuthSigningKey,
    verifier: TokenVerifier,
    start: Instant,
}

impl World {
    fn new() -> Self {
        let (key, trusted) = generate_auth_token_keys().expect("random bytes");
        Self { key, verifier: TokenVerifier::new([trusted]), start: now() }
    }

    /// Returns the time of a wall clock with this error, `seconds` after the start.
    fn wall(seconds: i64) -> SystemTime {
        let since = 2_000_000_000 + seconds;
        SystemTime::UNIX_EPOCH + Duration::from_secs(since.try_into().expect("a time after 1970"))
    }

    /// Returns the time of every monotonic clock, `seconds` after the start.
    fn monotonic(&self, seconds: i64) -> Instant {
        self.start + Duration::from_secs(seconds.try_into().expect("a time after the start"))
    }

    /// Issues a token at `seconds`. Returns it when it is `age` seconds old.
    fn token(&self, clocks: Clocks, seconds: i64, age: i64) -> AuthToken {
        AuthTokenBuilder::new(1)
            .issued_at(Self::wall(seconds - age + clocks.login))
            .lifetime(Duration::from_secs(LIFETIME.unsigned_abs()))
            .sign(&self.key)
            .expect("a token")
    }

    /// Presents a token to the server. Returns the seconds for which the server accepts it.
    fn present(
        &self,
        clocks: Clocks,
        seconds: i64,
        token: &AuthToken,
    ) -> Result<i64, TokenRefusal> {
        let now = Self::wall(seconds + clocks.server);
        let identity = self.verifier.verify(token, now)?;
        let expires_at = identity.expires_at.expect("an expiry");
        let left = expires_at.duration_since(now).expect("an expiry in the future");
        Ok(left.as_secs().try_into().expect("a short time"))
    }

    /// Runs a client with a single token.
    fn single(&self, clocks: Clocks, age: i64) -> Fate {
        let token = self.token(clocks, 0, age);
        let held = SingleToken::new(&token, self.start);
        assert!(!held.has_certainly_expired(self.start), "dead without an attempt");
        match self.present(clocks, 0, &token) {
            Ok(left) => Fate::ExpiresAfter(left),
            Err(_) if held.has_expired_at(Self::wall(clocks.client)) => Fate::RefusedAsExpired,
            Err(_) => Fate::Refused,
        }
    }

    /// Runs a client whose provider returns tokens that are `age` seconds old. `clocks` returns the
    /// clocks at a time.
    fn provider(&self, clocks: impl Fn(i64) -> Clocks, age: i64) -> Fate {
        let Ok(left) = self.present(clocks(0), 0, &self.token(clocks(0), 0, age)) else {
            return Fate::Refused;
        };
        let (mut told, mut expires, mut sent_at) = (0, left, None);
        let (mut calls, mut interval) = (0, DAY);
        loop {
            let expiry =
                Expiry { told_at: self.monotonic(told), expires_at: self.monotonic(expires) };
            let due = renewal(expiry, sent_at) - self.start;
            // The fraction of a second has no effect.
            let due = i64::try_from(due.as_secs()).expect("a time within the run");
            if due >= DAY {
                return Fate::Renewed { calls, interval };
            }
            if due >= expires {
                return Fate::RenewedTooLate(expires);
            }
            calls += 1;
            interval = interval.min(due - told);
            let clocks = clocks(due);
            match self.present(clocks, due, &self.token(clocks, due, age)) {
                Ok(left) => (told, expires, sent_at) = (due, due + left, Some(self.monotonic(due))),
                Err(_) => return Fate::FreshTokenRefused(due),
            }
        }
    }
}

/// Returns the fate of a client whose tokens last `left` seconds on the server.
fn expected_with_provider(left: i64) -> Fate {
    let interval = left - (left / 5).min(MINUTE);
    let calls = usize::try_from((DAY - 1) / interval).expect("a number of calls");
    Fate::Renewed { calls, interval: if calls == 0 { DAY } else { interval } }
}

/// Prints the error of a clock in its largest unit.
fn skew(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    match seconds.abs() {
        0 => "right".to_owned(),
        size @ YEAR.. => format!("{sign}{} years", size / YEAR),
        size @ MINUTE.. => format!("{sign}{} min", size / MINUTE),
        size => format!("{sign}{size} s"),
    }
}

#[test]
fn fate_of_a_client_depends_on_the_server_and_the_login_service_only() {
    let world = World::new();
    let mut table =
        format!("{:>9} {:>9} {:>8}  single token, then provider\n", "login", "server", "age");
    for login in SKEWS {
        for server in SKEWS {
            for age in [0, 50 * MINUTE] {
                // The age of a token, as the server sees it.
                let seen = server - login + age;
                let accepted = (-30..LIFETIME).contains(&seen);
                let left = LIFETIME - seen;
                for client in SKEWS {
                    let clocks = Clocks { client, login, server };
                    let row = format!("{} {} {}", skew(client), skew(login), skew(server));
                    let expired_here = client - login + age >= LIFETIME;
                    let expected = match (accepted, expired_here) {
                        (true, _) => Fate::ExpiresAfter(left),
                        (false, true) => Fate::RefusedAsExpired,
                        (false, false) => Fate::Refused,
                    };
                    assert_eq!(world.single(clocks, age), expected, "{row}");
                }
                // A client with a provider does not read its wall clock.
                let clocks = Clocks { client: 0, login, server };
                let provider = world.provider(|_| clocks, age);
                let expected = if accepted { expected_with_provider(left) } else { Fate::Refused };
                assert_eq!(provider, expected, "{} {}", skew(login), skew(server));
                let _ = writeln!(
                    table,
                    "{:>9} {:>9} {:>8}  {:?}, {provider:?}",
                    skew(login),
                    skew(server),
                    skew(age).replace("right", "new"),
                    world.single(clocks, age),
                );
            }
        }
    }
    println!("{table}");
}

#[test]
fn jump_of_a_clock_ends_a_session_only_by_a_refusal_of_the_server() {
    const JUMP_AT: i64 = 2 * HOUR;
    // The first renewal after the jump: one every 59 minutes.
    const NEXT_RENEWAL: i64 = 3 * 59 * MINUTE;
    type Jump = fn(i64) -> Clocks;
    let jumps: [(&str, Jump); 3] = [
        ("client", |by| Clocks { client: by, ..Clocks::default() }),
        ("login", |by| Clocks { login: by, ..Clocks::default() }),
        ("server", |by| Clocks { server: by, ..Clocks::default() }),
    ];
    let world = World::new();
    let mut table = format!("{:>9} {:>9}  provider\n", "clock", "jump");
    for (name, jump) in jumps {
        for by in SKEWS {
            let clocks = |seconds| if seconds < JUMP_AT { Clocks::default() } else { jump(by) };
            let fate = world.provider(clocks, 0);
            let _ = writeln!(table, "{name:>9} {:>9}  {fate:?}", skew(by));
            let seen = jump(by).server - jump(by).login;
            if (-30..LIFETIME).contains(&seen) {
                let Fate::Renewed { calls, interval } = fate else {
                    panic!("{name} {by}: {fate:?}")
                };
                let shortest = expected_with_provider(LIFETIME - seen.max(0));
                let Fate::Renewed { calls: most, interval: least } = shortest else { panic!() };
                assert!(calls <= most && interval >= least, "{name} {by}: {fate:?}");
            } else {
                assert_eq!(fate, Fate::FreshTokenRefused(NEXT_RENEWAL), "{name} {by}");
            }
        }
    }
    println!("{table}");
}

#[test]
fn sleep_of_the_client_is_followed_by_the_decision_of_the_server() {
    let world = World::new();
    let mut table = format!("{:>9} {:>9} {:>9}  single token\n", "client", "sleep", "monotonic");
    for client in SKEWS {
        let clocks = Clocks { client, ..Clocks::default() };
        for sleep in [MINUTE, 50 * MINUTE, 2 * HOUR, 5 * YEAR] {
            for stops in [true, false] {
                let token = world.token(clocks, 0, 0);
                let held = SingleToken::new(&token, world.start);
                let certain =
                    held.has_certainly_expired(world.monotonic(if stops { 0 } else { sleep }));
                let accepted = world.present(clocks, sleep, &token).is_ok();
                let explained = held.has_expired_at(World::wall(sleep + client));
                let fate = match (certain, accepted, explained) {
                    (true, ..) => "expired without an attempt",
                    (false, true, _) => "accepted",
                    (false, false, true) => "refused, expired by the local clock",
                    (false, false, false) => "refused",
                };
                let monotonic = if stops { "stops" } else { "runs" };
                let _ = writeln!(
                    table,
                    "{:>9} {:>9} {monotonic:>9}  {fate}",
                    skew(client),
                    skew(sleep)
                );
                assert!(!(certain && accepted), "the server still accepts the token");
                assert_eq!(certain, !stops && sleep >= LIFETIME, "{fate}");
                assert_eq!(accepted, sleep < LIFETIME, "{fate}");
                assert_eq!(explained, sleep + client >= LIFETIME, "{fate}");
            }
        }
    }
    println!("{table}");
}

#[test]
fn token_that_a_server_accepts_has_not_certainly_expired() {
    let world = World::new();
    // The server accepts the token when the client receives it, possibly for longer than its
    // lifetime, because of `clock_skew` and `grace`.
    for grace in [0, MINUTE, 4 * MINUTE] {
        let verifier = world.verifier.clone().grace(Duration::from_secs(grace.unsigned_abs()));
        for server in -30..30 {
            let clocks = Clocks { server, ..Clocks::default() };
            let token = world.token(clocks, 0, 0);
            let held = SingleToken::new(&token, world.start);
            for seconds in (0..2 * LIFETIME).step_by(10) {
                let accepted = verifier.verify(&token, World::wall(seconds + server)).is_ok();
                let certain = held.has_certainly_expired(world.monotonic(seconds));
                assert!(!(accepted && certain), "{server} s, {grace} s, after {seconds} s");
                assert_eq!(certain, seconds >= LIFETIME + 5 * MINUTE);
            }
        }
    }
}
