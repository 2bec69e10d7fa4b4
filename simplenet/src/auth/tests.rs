//! Tests of tokens, their keys and their verification.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{
    token::{Audience, Name, Payload, UnixTime},
    *,
};
use crate::{
    id::ClientId,
    test,
    vectors::{bytes, text, vectors},
    wall_clock,
};

const ISSUED: u64 = 1_800_000_000;
const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Returns a deterministic key per number.
fn key(number: u8) -> AuthSigningKey {
    // 43 characters of base64 hold 32 bytes. The last character must have no trailing bits set.
    format!("{}A", char::from(b'a' + number).to_string().repeat(42)).parse().unwrap()
}

/// A builder for a token that is issued at [`ISSUED`] and lasts ten minutes.
fn token() -> AuthTokenBuilder {
    AuthTokenBuilder::new(7).issued_at(at(ISSUED)).lifetime(600 * SECOND)
}

fn verifier() -> TokenVerifier {
    TokenVerifier::new([key(0).verifying_key()])
}

fn refusal(verifier: &TokenVerifier, token: AuthTokenBuilder) -> Option<TokenRefusal> {
    verifier.verify(&token.sign(&key(0)).unwrap(), at(ISSUED)).err()
}

#[test]
fn verified_token_yields_the_identity_of_its_client() {
    let token = token().claims("moderator").sign(&key(0)).unwrap();
    let identity = verifier().verify(&token, at(ISSUED)).unwrap();
    assert_eq!(identity.client_id, ClientId::new(7));
    assert_eq!(identity.claims, "moderator");
    assert_eq!(identity.expires_at, Some(at(ISSUED + 600)));
    assert_eq!(identity.token_id, Some(token.id()));
    assert_eq!(identity.issued_at, Some(at(ISSUED)));
}

#[test]
fn token_is_refused_from_its_expiry_on() {
    let token = token().sign(&key(0)).unwrap();
    let last = at(ISSUED + 600) - Duration::from_nanos(1);
    assert!(verifier().verify(&token, last).is_ok());
    for late in [Duration::ZERO, SECOND, Duration::from_secs(1 << 40)] {
        let refused = verifier().verify(&token, at(ISSUED + 600) + late);
        assert_eq!(refused, Err(TokenRefusal::Expired { late }));
    }
    for grace in [10 * SECOND, Duration::from_millis(900)] {
        let with_grace = verifier().grace(grace);
        let end = at(ISSUED + 600) + grace;
        let identity = with_grace.verify(&token, end - Duration::from_nanos(1)).unwrap();
        assert_eq!(identity.expires_at, Some(end));
        let late = Duration::ZERO;
        assert_eq!(with_grace.verify(&token, end), Err(TokenRefusal::Expired { late }));
    }
}

#[test]
fn token_is_refused_until_clock_skew_before_not_before() {
    let token = token().not_before(at(ISSUED + 100)).sign(&key(0)).unwrap();
    for skew in [TokenVerifier::DEFAULT_CLOCK_SKEW, Duration::ZERO, Duration::from_millis(900)] {
        let verifier = verifier().clock_skew(skew);
        let begin = at(ISSUED + 100) - skew;
        assert!(verifier.verify(&token, begin).is_ok());
        let early = skew + Duration::from_nanos(1);
        let refused = verifier.verify(&token, begin - Duration::from_nanos(1));
        assert_eq!(refused, Err(TokenRefusal::NotYetValid { early }));
    }
}

#[test]
fn refusals_by_the_clock_name_the_difference() {
    let early = TokenRefusal::NotYetValid { early: 90 * SECOND };
    let late = TokenRefusal::Expired { late: Duration::from_millis(2_100) };
    assert_eq!(
        early.to_string(),
        "not valid yet: its validity begins in 90s, by the clock of this machine"
    );
    assert_eq!(late.to_string(), "expired 2s ago, by the clock of this machine");
}

#[test]
fn token_lasts_at_least_its_lifetime_and_less_than_a_second_more() {
    let milliseconds = Duration::from_millis;
    for issued in [0, 1, 499, 500, 978, 999].map(|ms| at(ISSUED) + milliseconds(ms)) {
        for lifetime in [1, 22, 900, 999, 1_000, 1_001, 1_500, 60_000].map(milliseconds) {
            for valid_from in [None, Some(issued - SECOND), Some(issued + milliseconds(1_300))] {
                let mut token = token().issued_at(issued).lifetime(lifetime);
                if let Some(valid_from) = valid_from {
                    token = token.not_before(valid_from);
                }
                let token = token.sign(&key(0)).unwrap();
                let begin = valid_from.unwrap_or(issued).max(issued);
                let row = format!("{issued:?} {lifetime:?} {valid_from:?}");
                let verifier = verifier().clock_skew(Duration::ZERO);
                let last = begin + lifetime - Duration::from_nanos(1);
                for valid in [begin, last] {
                    assert!(verifier.verify(&token, valid).is_ok(), "{row}");
                }
                assert!(verifier.verify(&token, begin + lifetime + SECOND).is_err(), "{row}");
                let at_expiry = token_expiring_at(issued, begin + lifetime, valid_from);
                assert_eq!(at_expiry.expires_at(), token.expires_at(), "{row}");
            }
        }
    }
}

fn token_expiring_at(
    issued: SystemTime,
    expires_at: SystemTime,
    valid_from: Option<SystemTime>,
) -> AuthToken {
    let token = token().issued_at(issued).expires_at(expires_at);
    token.not_before(valid_from.unwrap_or(issued)).sign(&key(0)).unwrap()
}

#[test]
fn token_that_would_never_be_valid_is_not_signed() {
    let now = wall_clock::now();
    let nanosecond = Duration::from_nanos(1);
    let new = || AuthTokenBuilder::new(7);
    let end = at(253_402_300_799);
    // Some platforms have no such time.
    let before_1970 = at(0).checked_sub(SECOND).unwrap_or(at(0));
    for (case, token) in [
        ("no lifetime", new().lifetime(Duration::ZERO)),
        (
            "no lifetime within a second",
            new().issued_at(at(5) + nanosecond).lifetime(Duration::ZERO),
        ),
        ("expired when it is issued", new().expires_at(now)),
        ("expired long ago", new().expires_at(at(0))),
        ("expired before 1970", new().expires_at(before_1970)),
        ("expires at its issue", token().expires_at(at(ISSUED))),
        ("expires before its issue", token().expires_at(at(ISSUED) - nanosecond)),
        ("expires at its beginning", token().not_before(at(ISSUED + 9)).expires_at(at(ISSUED + 9))),
        ("begins after the last expiry", token().not_before(end)),
        ("is issued after the last expiry", token().issued_at(end + SECOND)),
    ] {
        assert_eq!(token.sign(&key(0)).err(), Some(TokenError::NeverValid), "{case}");
    }
    assert!(token().expires_at(at(ISSUED) + nanosecond).sign(&key(0)).is_ok());
    assert_eq!(make_auth_token_from_lifetime(&key(0), 0, 7), Err(TokenError::NeverValid));
    assert_eq!(make_auth_token_from_expiry(&key(0), 0, 7), Err(TokenError::NeverValid));
}

#[test]
fn extreme_clock_skew_grace_and_expiry_do_not_overflow() {
    let verifier = verifier().clock_skew(Duration::MAX).grace(Duration::MAX);
    let token = token().sign(&key(0)).unwrap();
    assert!(verifier.verify(&token, SystemTime::UNIX_EPOCH).is_ok());
    assert!(verifier.verify(&token, at(200_000_000_000)).is_ok());
    let eternal = make_auth_token_from_lifetime(&key(0), u64::MAX, 7).unwrap();
    assert_eq!(
        make_auth_token_from_expiry(&key(0), u64::MAX, 7).unwrap().expires_at(),
        eternal.expires_at()
    );
    assert!(!eternal.is_expired());
    let longest = AuthTokenBuilder::new(7).lifetime(Duration::MAX).sign(&key(0)).unwrap();
    assert_eq!(longest.expires_at(), eternal.expires_at());
    let identity = verifier.verify(&eternal, wall_clock::now()).unwrap();
    assert_eq!(identity.expires_at, Some(eternal.expires_at()));
}

#[test]
fn token_for_another_audience_is_refused() {
    use TokenRefusal::Audience;
    let any = token;
    let chat = || token().channel("chat");
    let eu = || token().channel("chat").server("eu");

    assert_eq!(refusal(&verifier(), any()), None);
    assert_eq!(refusal(&verifier(), chat()), Some(Audience));
    assert_eq!(refusal(&verifier(), eu()), Some(Audience));

    let for_chat = verifier().channel("chat");
    assert_eq!(refusal(&for_chat, any()), Some(Audience));
    assert_eq!(refusal(&for_chat, chat()), None);
    assert_eq!(refusal(&for_chat, token().channel("chat2")), Some(Audience));
    assert_eq!(refusal(&for_chat, eu()), Some(Audience));

    let for_eu = verifier().channel("chat").server("eu");
    assert_eq!(refusal(&for_eu, any()), Some(Audience));
    assert_eq!(refusal(&for_eu, chat()), Some(Audience));
    assert_eq!(refusal(&for_eu, token().channel("chat").server("us")), Some(Audience));
    assert_eq!(refusal(&for_eu, token().channel("game").server("eu")), Some(Audience));
    assert_eq!(refusal(&for_eu, eu()), None);
}

#[test]
fn token_for_the_servers_own_channel_is_accepted_by_default() {
    let verify = |verifier: &TokenVerifier, token: AuthTokenBuilder| {
        verifier.verify_for(&token.sign(&key(0)).unwrap(), Some("chat"), at(ISSUED)).is_ok()
    };
    assert!(verify(&verifier(), token()));
    assert!(verify(&verifier(), token().channel("chat")));
    assert!(!verify(&verifier(), token().channel("game")));
    assert!(!verify(&verifier().channel("game"), token().channel("chat")));
    assert!(!verify(&verifier().channel("chat"), token()), "the verifier requires a channel");
}

#[test]
fn keys_are_rotated_without_downtime() {
    let [old, new] = [key(0), key(1)];
    let old_token = token().sign(&old).unwrap();
    let new_token = token().sign(&new).unwrap();
    assert!(old.verifying_key().id() != new.verifying_key().id());

    let verifier = TokenVerifier::new([old.verifying_key()]);
    let running = verifier.clone();
    let unknown = |key: &AuthSigningKey| Err(TokenRefusal::UnknownKey(key.verifying_key().id()));
    assert!(running.verify(&old_token, at(ISSUED)).is_ok());
    assert_eq!(running.verify(&new_token, at(ISSUED)), unknown(&new));
    verifier.trust(new.verifying_key());
    assert!(running.verify(&old_token, at(ISSUED)).is_ok());
    assert!(running.verify(&new_token, at(ISSUED)).is_ok());
    verifier.distrust(old.verifying_key().id());
    assert_eq!(running.verify(&old_token, at(ISSUED)), unknown(&old));
    assert!(running.verify(&new_token, at(ISSUED)).is_ok());
    assert_eq!(TokenVerifier::new([]).verify(&new_token, at(ISSUED)).ok(), None);
}

#[test]
fn revoked_token_is_refused() {
    let revocations = Revocations::new();
    let verifier = verifier().revocations(revocations.clone());
    let token = token().sign(&key(0)).unwrap();
    assert!(verifier.verify(&token, at(ISSUED)).is_ok());
    revocations.revoke(&token);
    assert_eq!(verifier.verify(&token, at(ISSUED)), Err(TokenRefusal::Revoked));
}

#[test]
fn client_revocation_covers_tokens_issued_by_a_clock_that_is_ahead() {
    let skew = TokenVerifier::DEFAULT_CLOCK_SKEW;
    let revocations = Revocations::new();
    let verifier = verifier().revocations(revocations.clone());
    let verify = |ahead| {
        let token = token().issued_at(at(ISSUED) + ahead).sign(&key(0)).unwrap();
        verifier.verify(&token, at(ISSUED)).err()
    };
    assert_eq!(verify(skew), None);
    revocations.revoke_client(7, at(ISSUED) + skew);
    for ahead in [Duration::ZERO, skew] {
        assert_eq!(verify(ahead), Some(TokenRefusal::Revoked));
    }
    assert_eq!(
        verify(skew + SECOND),
        Some(TokenRefusal::NotYetValid { early: skew + SECOND }),
        "tokens that are issued later are not valid yet"
    );
}

#[test]
fn tampered_truncated_or_extended_token_is_refused() {
    let token = token().channel("chat").server("eu").claims("moderator").sign(&key(0)).unwrap();
    let verifier = verifier().channel("chat").server("eu");
    let accepts = |bytes: &[u8]| {
        AuthToken::from_bytes(bytes).is_ok_and(|token| verifier.verify(&token, at(ISSUED)).is_ok())
    };
    let bytes = token.as_bytes();
    assert!(accepts(bytes));
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!accepts(&changed), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(!accepts(&bytes[..length]), "{length} bytes");
    }
    for byte in [0, 1, 0xff] {
        assert!(!accepts(&[bytes, &[byte]].concat()));
        assert!(!accepts(&[&[byte], bytes].concat()));
    }
}

#[test]
fn signature_without_the_token_domain_is_refused() {
    let key = key(0);
    let valid = token().sign(&key).unwrap();
    let payload = valid.payload().clone();
    // Signs the payload without the domain in front of it.
    let forged =
        AuthToken::signed(payload, |message| key.sign(&message[b"simplenet token v1\0".len()..]));
    assert_eq!(verifier().verify(&forged, at(ISSUED)), Err(TokenRefusal::Signature));
}

#[test]
fn token_ids_are_unique() {
    let ids: std::collections::HashSet<_> =
        (0..100).map(|_| token().sign(&key(0)).unwrap().id()).collect();
    assert_eq!(ids.len(), 100);
}

#[test]
fn oversized_claims_and_invalid_names_are_not_signed() {
    let sign = |token: AuthTokenBuilder| token.sign(&key(0)).map(|token| token.as_bytes().len());
    let longest = token()
        .channel("c".repeat(AuthToken::MAX_NAME_BYTES))
        .server("s".repeat(AuthToken::MAX_NAME_BYTES))
        .claims(vec![0; AuthToken::MAX_CLAIMS_BYTES]);
    assert_eq!(sign(longest), Ok(AuthToken::MAX_BYTES));
    let claims = vec![0; AuthToken::MAX_CLAIMS_BYTES + 1];
    assert_eq!(sign(token().claims(claims)), Err(TokenError::ClaimsTooLong { size: 1025 }));
    assert_eq!(sign(token().channel("c".repeat(257))), Err(TokenError::Name { size: 257 }));
    assert_eq!(sign(token().channel("")), Err(TokenError::Name { size: 0 }));
    assert_eq!(sign(token().server("eu")), Err(TokenError::ServerWithoutChannel));
}

#[test]
fn token_text_round_trips_and_has_no_other_form() {
    for token in [token(), token().channel("chat").server("eu").claims(vec![0; 1024])] {
        let token = token.sign(&key(0)).unwrap();
        let text = token.to_string();
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{text}");
        let read: AuthToken = text.parse().unwrap();
        assert!(read == token && read.to_string() == text);
        for other in [
            format!("{text}="),
            format!("{text} "),
            format!(" {text}"),
            text.replace('-', "+") + "A",
        ] {
            assert!(other.parse::<AuthToken>().is_err(), "{other}");
        }
    }
    let oversized = "A".repeat(1 << 20);
    assert_eq!(oversized.parse::<AuthToken>(), Err(TokenError::Malformed("too long")));
    assert_eq!("".parse::<AuthToken>(), Err(TokenError::Malformed("too short")));
}

#[test]
fn token_is_serialized_as_its_text() {
    let token = token().sign(&key(0)).unwrap();
    let bytes = bincode::serde::encode_to_vec(&token, bincode::config::standard()).unwrap();
    let text: String =
        bincode::serde::decode_from_slice(&bytes, bincode::config::standard()).unwrap().0;
    assert_eq!(text, token.to_string());
    let read: AuthToken =
        bincode::serde::decode_from_slice(&bytes, bincode::config::standard()).unwrap().0;
    assert!(read == token);
}

#[test]
fn key_texts_round_trip() {
    let (signing, verifying) = generate_auth_token_keys().unwrap();
    let token = token().sign(&signing).unwrap();
    for text in [signing.to_pem(), signing.to_base64(), format!("\n{}\n\n", signing.to_pem())] {
        let read: AuthSigningKey = text.parse().unwrap();
        assert!(read.verifying_key() == verifying);
    }
    for text in [verifying.to_pem(), verifying.to_string(), format!("{verifying}\n")] {
        let read: AuthVerifyingKey = text.parse().unwrap();
        assert_eq!(read.id(), token.key_id());
        assert!(TokenVerifier::new([read]).verify(&token, at(ISSUED)).is_ok());
    }
    let (other, _) = generate_auth_token_keys().unwrap();
    assert!(other.verifying_key() != verifying);
}

#[test]
fn openssl_keys_are_parsed() {
    // Output of `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`.
    let signing: AuthSigningKey = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIM1U+UlSAV1kIiy/gAB4XuwPPk21Ga8jSJyxpWClgD+o
-----END PRIVATE KEY-----
"
    .parse()
    .unwrap();
    let verifying: AuthVerifyingKey = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGHBgKXNOZIwFQzl5u+KVpxEpgw6Lu8WOK2unrK+zebI=
-----END PUBLIC KEY-----
"
    .parse()
    .unwrap();
    assert!(signing.verifying_key() == verifying);
    assert_eq!(
        signing.to_pem(),
        "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIM1U+UlSAV1kIiy/gAB4XuwPPk21Ga8jSJyxpWClgD+o
-----END PRIVATE KEY-----
"
    );
}

#[test]
fn malformed_and_weak_keys_are_refused() {
    let [signing, verifying] = [key(0).to_pem(), key(0).verifying_key().to_pem()];
    let short = "A".repeat(42);
    // The identity point: signatures for this public key can be forged without a private key.
    let weak = format!("AQ{}", "A".repeat(41));
    for text in ["", "AAAA", &short, &verifying, &format!("{}AA", key(0).to_base64())] {
        assert_eq!(text.parse::<AuthSigningKey>().err(), Some(KeyError::Signing), "{text}");
    }
    for text in ["", "AAAA", &short, &signing, &weak] {
        assert_eq!(text.parse::<AuthVerifyingKey>().err(), Some(KeyError::Verifying), "{text}");
    }
    // The identity point as bytes.
    let mut weak = [0; 32];
    weak[0] = 1;
    assert_eq!(AuthVerifyingKey::from_bytes(&weak).err(), Some(KeyError::Verifying));
}

#[test]
fn key_bytes_round_trip() {
    let signing = AuthSigningKey::from_bytes(&[7; 32]);
    assert_eq!(signing.to_bytes(), [7; 32]);
    let verifying = signing.verifying_key();
    assert_eq!(AuthVerifyingKey::from_bytes(&verifying.to_bytes()), Ok(verifying));
}

#[test]
fn debug_output_contains_no_secrets() {
    let signing = key(0);
    let token = token().claims("secret claims").sign(&signing).unwrap();
    let printed = format!("{token:?} {token:#?} {signing:?} {signing:#?}");
    let text = token.to_string();
    for secret in [&text[text.len() - 80..], &signing.to_base64(), "secret claims"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("ClientId(7)"));
}

#[test]
fn tokens_of_the_vectors_are_signed_and_read() {
    let listed = vectors("tokens");
    let [row] = &listed[..] else { panic!("{listed:?}") };
    let field = |name| text(&row["fields"], name);
    let seconds = |name: &str| UnixTime::from_seconds(row["fields"][name].as_u64().unwrap());
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let signing: AuthSigningKey = text(row, "private_key").parse().unwrap();
    let verifying = signing.verifying_key();
    assert_eq!(verifying.to_string(), text(row, "public_key"));
    assert_eq!(verifying.id().to_string(), field("key_id"));
    let payload = Payload {
        key_id: verifying.id(),
        id: [0x11; 16].into(),
        client_id: ClientId::new(field("client_id").parse().unwrap()),
        issued_at: seconds("issued_at"),
        not_before: seconds("not_before"),
        expires_at: seconds("expires_at"),
        audience: Audience::Server {
            channel: Name::new(field("channel")).unwrap(),
            server: Name::new(field("server")).unwrap(),
        },
        claims: Bytes::from_static(b"moderator"),
    };
    assert_eq!(field("token_id"), payload.id.to_string());
    assert_eq!(field("claims"), hex(&payload.claims));
    let token = AuthToken::signed(payload, |message| signing.sign(message));
    assert_eq!(hex(token.as_bytes()), text(row, "hex"));
    assert_eq!(token.to_string(), text(row, "text"));
    assert_eq!(AuthToken::from_bytes(&bytes(row)), Ok(token.clone()));
    assert_eq!(text(row, "text").parse(), Ok(token.clone()));
    let verifier = TokenVerifier::new([verifying]).channel("chat").server("eu");
    assert!(verifier.verify(&token, at(ISSUED)).is_ok());
    let specification =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md")).replace('\n', "");
    assert!(specification.contains(text(row, "hex")) && specification.contains(text(row, "text")));
}
