//! `simplenet token`, as a user runs it.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A folder with a pair of keys.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let made = desk.run("token keygen --out auth.pem --public auth.pub");
        assert!(made.status.success(), "{made:?}");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &str, input: &[u8]) -> Output {
        run(self.folder.path(), arguments, input)
    }

    /// A token's text.
    fn make(&self, arguments: &str) -> String {
        let made = self.run(&format!("token make --key auth.pem {arguments}"));
        assert!(made.status.success(), "{made:?}");
        text(&made.stdout)
    }
}

fn run(folder: &Path, arguments: &str, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simplenet"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The value in a line of a table.
fn field(table: &str, name: &str) -> String {
    let line = table.lines().find(|line| line.starts_with(name));
    line.unwrap_or_else(|| panic!("no {name} in {table}"))[name.len()..].trim().to_owned()
}

#[test]
fn a_token_is_made_and_found_valid() {
    let desk = Desk::new();
    let token = desk.make("--client 7 --channel chat --server eu-1 --claims moderator");
    let inspect = "token inspect --public-key auth.pub --channel chat --server eu-1";
    let inspected = desk.run_with(inspect, token.as_bytes());
    assert_eq!(inspected.status.code(), Some(0), "{inspected:?}");
    let table = text(&inspected.stdout);
    assert_eq!(field(&table, "client id"), "7");
    assert_eq!(field(&table, "channel"), "\"chat\"");
    assert_eq!(field(&table, "server"), "\"eu-1\"");
    assert_eq!(field(&table, "claims"), "\"moderator\" (9 bytes)");
    assert_eq!(field(&table, "verdict"), "valid");
}

#[test]
fn a_token_that_no_server_would_take_exits_with_1() {
    let desk = Desk::new();
    let other = Desk::new();
    let token = desk.make("--client 7 --channel chat --expires 2030-01-01T00:00:00Z");
    let refused = |arguments: &str, refusal: &str| {
        let inspected = desk.run_with(&format!("token inspect {arguments}"), token.as_bytes());
        assert_eq!(inspected.status.code(), Some(1), "{inspected:?}");
        let verdict = field(&text(&inspected.stdout), "verdict");
        assert!(verdict.contains(refusal), "{verdict}");
    };
    refused("--public-key auth.pub --channel shop", "another channel");
    refused("--public-key auth.pub --channel chat --server eu-1", "another channel or server");
    refused("--public-key auth.pub --channel chat --at 2030-01-01T00:00:00Z", "expired");
    refused("--at 2030-01-01T00:00:00Z", "expired");
    refused("--at 2020-01-01T00:00:00Z", "not valid yet");
    let stranger = other.path("auth.pub");
    refused(&format!("--public-key {} --channel chat", stranger.display()), "not trusted");
    // A moment earlier it was valid.
    let valid = desk.run_with("token inspect --at 2029-12-31T23:59:59Z", token.as_bytes());
    assert_eq!(valid.status.code(), Some(0), "{valid:?}");
}

#[test]
fn keys_and_tokens_come_from_standard_input_too() {
    let desk = Desk::new();
    let key = fs::read(desk.path("auth.pem")).unwrap();
    let made = desk.run_with("token make --key - --client 7", &key);
    assert!(made.status.success(), "{made:?}");
    let inspected = desk.run_with("token inspect - --public-key auth.pub", &made.stdout);
    assert!(inspected.status.success(), "{inspected:?}");
}

#[test]
fn a_private_key_on_standard_output_stands_there_alone() {
    let folder = tempfile::tempdir().unwrap();
    for encoding in ["pem", "base64"] {
        let made = run(folder.path(), &format!("token keygen --out - --encoding {encoding}"), b"");
        let token = run(folder.path(), "token make --key - --client 7", &made.stdout);
        assert!(token.status.success(), "{encoding}: {token:?}");
        assert!(text(&made.stderr).contains("public key"), "{made:?}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_private_key() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mode = fs::metadata(desk.path("auth.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn no_key_is_overwritten() {
    let desk = Desk::new();
    let before = fs::read(desk.path("auth.pem")).unwrap();
    let again = desk.run("token keygen --out auth.pem");
    assert_eq!(again.status.code(), Some(3));
    assert!(text(&again.stderr).starts_with("error: cannot write auth.pem"), "{again:?}");
    assert_eq!(fs::read(desk.path("auth.pem")).unwrap(), before);
}

#[test]
fn errors_say_what_and_where_and_never_quote_a_secret() {
    let desk = Desk::new();
    let fails = |arguments: &str, input: &str, expected: &str| {
        let failed = desk.run_with(arguments, input.as_bytes());
        assert_eq!(failed.status.code(), Some(3), "{arguments}: {failed:?}");
        let error = text(&failed.stderr);
        assert!(error.starts_with("error: ") && error.contains(expected), "{arguments}: {error}");
        assert!(input.is_empty() || !error.contains(input.trim()), "{error}");
    };
    fails("token make --key nowhere.pem --client 7", "", "cannot read nowhere.pem");
    fails("token make --key - --client 7", "my-canary", "standard input: not a private key");
    fails("token make --key auth.pub --client 7", "", "this is a public key");
    fails("token inspect --public-key auth.pem", &desk.make("--client 7"), "private key");
    fails("token inspect", "my-canary!", "standard input: not a token");
    fails("token inspect", &"A".repeat(100_000), "too large");
    let long = "c".repeat(2000);
    fails(&format!("token make --key auth.pem --client 7 --claims {long}"), "", "exceed the limit");
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let desk = Desk::new();
    for arguments in [
        "token",
        "token make --key auth.pem",
        "token make --key auth.pem --client seven",
        "token make --key auth.pem --client 7 --lifetime soon",
        "token make --key auth.pem --client 7 --lifetime 1h --expires 2030-01-01T00:00:00Z",
        "token make --key auth.pem --client 7 --server eu-1",
        "token inspect --channel chat",
    ] {
        let failed = desk.run(arguments);
        assert_eq!(failed.status.code(), Some(2), "{arguments}: {failed:?}");
    }
}

#[test]
fn programs_read_json() {
    let desk = Desk::new();
    let made = desk.run("--format json token make --key auth.pem --client 7");
    let made = json(&made.stdout);
    assert_eq!(made["client_id"], "7");
    let token = made["token"].as_str().unwrap();
    let inspect = "token inspect --public-key auth.pub --format json";
    let inspected = desk.run_with(inspect, token.as_bytes());
    let inspected = json(&inspected.stdout);
    assert_eq!(inspected["valid"], true);
    assert_eq!(inspected["token_id"], made["token_id"]);
    assert_eq!(inspected["channel"], serde_json::Value::Null);
    let failed = desk.run("--format json token make --key nowhere.pem --client 7");
    assert!(json(&failed.stderr)["error"].as_str().unwrap().contains("nowhere.pem"));
    let keys = json(&desk.run("token keygen --out - --format json").stdout);
    assert!(keys["private_key"].as_str().unwrap().contains("PRIVATE KEY"));
}

#[test]
fn help_shows_examples() {
    let desk = Desk::new();
    for command in ["keygen", "make", "inspect"] {
        let help = text(&desk.run(&format!("token {command} --help")).stdout);
        assert!(help.contains("Examples:"), "{help}");
    }
    assert!(text(&desk.run("--help").stdout).contains("Exit codes:"));
}
