//! The command `simplenet token`, run as a process.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A temporary directory with a key pair.
struct KeyDirectory {
    path: TempDir,
}

impl KeyDirectory {
    fn new() -> Self {
        let directory = Self { path: tempfile::tempdir().unwrap() };
        let made = directory.run("token keygen --out auth.pem --public auth.pub");
        assert!(made.status.success(), "{made:?}");
        directory
    }

    fn path(&self, name: &str) -> PathBuf {
        self.path.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &str, input: &[u8]) -> Output {
        run(self.path.path(), arguments, input)
    }

    /// Creates a token and returns its text.
    fn make(&self, arguments: &str) -> String {
        let made = self.run(&format!("token make --key auth.pem {arguments}"));
        assert!(made.status.success(), "{made:?}");
        text(&made.stdout)
    }
}

fn run(directory: &Path, arguments: &str, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simplenet"))
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have exited.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap()
}

/// Returns the value of a row of a table.
fn field(table: &str, name: &str) -> String {
    let line = table.lines().find(|line| line.starts_with(name));
    line.unwrap_or_else(|| panic!("no {name} in {table}"))[name.len()..].trim().to_owned()
}

#[test]
fn created_token_is_valid() {
    let directory = KeyDirectory::new();
    let token = directory.make("--client 7 --channel chat --server eu-1 --claims moderator");
    let inspect = "token inspect --public-key auth.pub --channel chat --server eu-1";
    let inspected = directory.run_with(inspect, token.as_bytes());
    assert_eq!(inspected.status.code(), Some(0), "{inspected:?}");
    let table = text(&inspected.stdout);
    assert_eq!(field(&table, "client id"), "7");
    assert_eq!(field(&table, "channel"), "\"chat\"");
    assert_eq!(field(&table, "server"), "\"eu-1\"");
    assert_eq!(field(&table, "claims"), "\"moderator\" (9 bytes)");
    assert_eq!(field(&table, "verdict"), "valid");
}

#[test]
fn invalid_token_exits_with_1() {
    let directory = KeyDirectory::new();
    let other = KeyDirectory::new();
    let token = directory.make("--client 7 --channel chat --expires 2030-01-01T00:00:00Z");
    let refused = |arguments: &str, refusal: &str| {
        let inspected = directory.run_with(&format!("token inspect {arguments}"), token.as_bytes());
        assert_eq!(inspected.status.code(), Some(1), "{inspected:?}");
        let verdict = field(&text(&inspected.stdout), "verdict");
        assert!(verdict.contains(refusal), "{verdict}");
    };
    refused("--public-key auth.pub --channel shop", "another channel");
    refused("--public-key auth.pub --channel chat --server eu-1", "another channel or server");
    refused("--public-key auth.pub --channel chat --at 2030-01-01T00:00:00Z", "expired");
    refused("--at 2030-01-01T00:00:00Z", "expired");
    refused("--at 2020-01-01T00:00:00Z", "not valid yet");
    let other_key = other.path("auth.pub");
    refused(&format!("--public-key {} --channel chat", other_key.display()), "not trusted");
    // One second before its expiry, the token is valid.
    let valid = directory.run_with("token inspect --at 2029-12-31T23:59:59Z", token.as_bytes());
    assert_eq!(valid.status.code(), Some(0), "{valid:?}");
}

#[test]
fn times_of_a_token_are_verified_alike_with_and_without_a_key() {
    let directory = KeyDirectory::new();
    let begin = "--not-before 2100-01-01T00:00:00Z";
    let token = directory.make(&format!("--client 7 {begin} --lifetime 900ms"));
    for (at, verdict) in [
        ("2100-01-01T00:00:00Z", None),
        ("2099-12-31T23:59:30Z", None),
        ("2099-12-31T23:59:29Z", Some("not valid yet: its validity begins in 31s")),
        ("2100-01-01T00:00:01Z", Some("expired 0ns ago")),
        ("2100-01-01T00:02:01Z", Some("expired 120s ago")),
    ] {
        for key in ["--public-key auth.pub", ""] {
            let arguments = format!("token inspect --at {at} {key}");
            let inspected = directory.run_with(&arguments, token.as_bytes());
            let shown = field(&text(&inspected.stdout), "verdict");
            match verdict {
                None => assert_eq!(inspected.status.code(), Some(0), "{arguments}: {shown}"),
                Some(verdict) => assert!(shown.contains(verdict), "{arguments}: {shown}"),
            }
        }
    }
}

#[test]
fn key_and_token_are_read_from_standard_input() {
    let directory = KeyDirectory::new();
    let key = fs::read(directory.path("auth.pem")).unwrap();
    let made = directory.run_with("token make --key - --client 7", &key);
    assert!(made.status.success(), "{made:?}");
    let inspected = directory.run_with("token inspect - --public-key auth.pub", &made.stdout);
    assert!(inspected.status.success(), "{inspected:?}");
}

#[test]
fn standard_output_contains_only_the_private_key() {
    let temporary = tempfile::tempdir().unwrap();
    for encoding in ["pem", "base64"] {
        let made =
            run(temporary.path(), &format!("token keygen --out - --encoding {encoding}"), b"");
        let token = run(temporary.path(), "token make --key - --client 7", &made.stdout);
        assert!(token.status.success(), "{encoding}: {token:?}");
        assert!(text(&made.stderr).contains("public key"), "{made:?}");
    }
}

#[cfg(unix)]
#[test]
fn private_key_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let directory = KeyDirectory::new();
    let mode = fs::metadata(directory.path("auth.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn existing_key_file_is_not_overwritten() {
    let directory = KeyDirectory::new();
    let before = fs::read(directory.path("auth.pem")).unwrap();
    let again = directory.run("token keygen --out auth.pem");
    assert_eq!(again.status.code(), Some(3));
    assert!(text(&again.stderr).starts_with("error: cannot write auth.pem"), "{again:?}");
    assert_eq!(fs::read(directory.path("auth.pem")).unwrap(), before);
}

#[test]
fn errors_contain_the_file_but_no_secret() {
    let directory = KeyDirectory::new();
    let fails = |arguments: &str, input: &str, expected: &str| {
        let failed = directory.run_with(arguments, input.as_bytes());
        assert_eq!(failed.status.code(), Some(3), "{arguments}: {failed:?}");
        let error = text(&failed.stderr);
        assert!(error.starts_with("error: ") && error.contains(expected), "{arguments}: {error}");
        assert!(input.is_empty() || !error.contains(input.trim()), "{error}");
    };
    fails("token make --key missing.pem --client 7", "", "cannot read missing.pem");
    fails("token make --key - --client 7", "my-canary", "standard input: not a private key");
    fails("token make --key auth.pub --client 7", "", "this is a public key");
    fails("token inspect --public-key auth.pem", &directory.make("--client 7"), "private key");
    fails("token inspect", "my-canary!", "standard input: not a token");
    fails("token inspect", &"A".repeat(100_000), "exceeds the maximum size");
    let make = "token make --key auth.pem --client 7";
    fails(&format!("{make} --expires 2020-01-01T00:00:00Z"), "", "would never be valid");
    let [begin, end] = ["2200-01-02T00:00:00Z", "2200-01-01T00:00:00Z"];
    fails(&format!("{make} --not-before {begin} --expires {end}"), "", "would never be valid");
    let long = "c".repeat(2000);
    fails(&format!("token make --key auth.pem --client 7 --claims {long}"), "", "exceed the limit");
}

#[test]
fn invalid_command_line_exits_with_2() {
    let directory = KeyDirectory::new();
    for arguments in [
        "token",
        "token make --key auth.pem",
        "token make --key auth.pem --client seven",
        "token make --key auth.pem --client 7 --lifetime soon",
        "token make --key auth.pem --client 7 --lifetime 1h --expires 2030-01-01T00:00:00Z",
        "token make --key auth.pem --client 7 --server eu-1",
        "token inspect --channel chat",
    ] {
        let failed = directory.run(arguments);
        assert_eq!(failed.status.code(), Some(2), "{arguments}: {failed:?}");
    }
}

#[test]
fn json_output_is_parsed() {
    let directory = KeyDirectory::new();
    let made = directory.run("--format json token make --key auth.pem --client 7");
    let made = json(&made.stdout);
    assert_eq!(made["client_id"], "7");
    let token = made["token"].as_str().unwrap();
    let inspect = "token inspect --public-key auth.pub --format json";
    let inspected = directory.run_with(inspect, token.as_bytes());
    let inspected = json(&inspected.stdout);
    assert_eq!(inspected["valid"], true);
    assert_eq!(inspected["token_id"], made["token_id"]);
    assert_eq!(inspected["channel"], serde_json::Value::Null);
    let failed = directory.run("--format json token make --key missing.pem --client 7");
    assert!(json(&failed.stderr)["error"].as_str().unwrap().contains("missing.pem"));
    let keys = json(&directory.run("token keygen --out - --format json").stdout);
    assert!(keys["private_key"].as_str().unwrap().contains("PRIVATE KEY"));
}

#[test]
fn help_contains_examples() {
    let directory = KeyDirectory::new();
    for command in ["keygen", "make", "inspect"] {
        let help = text(&directory.run(&format!("token {command} --help")).stdout);
        assert!(help.contains("Examples:"), "{help}");
    }
    assert!(text(&directory.run("--help").stdout).contains("Exit codes:"));
}
