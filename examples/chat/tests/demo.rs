//! Tests that start the program as its users do.

use std::{
    error::Error,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

type BoxError = Box<dyn Error + Send + Sync>;
type TestResult = Result<(), BoxError>;

/// The time limit of a test. Each test takes about a second.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Runs a test in a thread, and fails if it takes longer than [`TIMEOUT`].
fn with_timeout(test: fn() -> TestResult) -> TestResult {
    let (sender, result) = mpsc::channel();
    thread::spawn(move || sender.send(test()));
    result.recv_timeout(TIMEOUT)?
}

#[test]
fn demo_prints_conversation_refusal_and_summary() -> TestResult {
    with_timeout(|| {
        let demo = chat(&[]).output()?;
        let (output, _) = texts(&demo);
        assert!(demo.status.success(), "{demo:?}");
        let line = |process: &str, text: &str| {
            output.lines().any(|line| line.starts_with(process) && line.contains(text))
        };
        assert!(line("Ann ", "received: Ben in room 1: Hello, Ann!"), "{output}");
        assert!(line("Ben ", "cannot join room 2: banned"), "{output}");
        assert!(line("Cleo ", "different schemas of channel `chat`"), "{output}");
        if cfg!(debug_assertions) {
            assert!(line("Cleo ", "`chat`: RoomId.0: u16 -> u32 (client: Join.room, "), "{output}");
        }
        let last = output.lines().last();
        assert!(last.is_some_and(|line| line.starts_with("11 of 11 checks passed")), "{output}");
        Ok(())
    })
}

#[test]
fn terminal_clients_exchange_messages_until_their_input_ends() -> TestResult {
    with_timeout(|| {
        let server = Server::start()?;
        let mut ada = server.client("Ada", "1").spawn()?;
        let mut ada_lines =
            BufReader::new(ada.stdout.take().ok_or("standard output is not piped")?).lines();
        assert_eq!(ada_lines.next().transpose()?.as_deref(), Some("in room 1: Ada"));

        let mut ben = server.client("Ben", "2").spawn()?;
        let mut input = ben.stdin.take().ok_or("standard input is not piped")?;
        input.write_all(b"/join 1\nHello, Ada!\n/join 3\n/join 4\n")?;
        drop(input);
        let ben = ben.wait_with_output()?;
        let (output, _) = texts(&ben);
        let lines: Vec<&str> = output.lines().collect();
        assert!(ben.status.success(), "{ben:?}");
        assert_eq!(lines[..2], ["in room 2: Ben", "in room 1: Ada, Ben"]);
        assert!(lines[2].starts_with("cannot join room 3: banned for another "), "{output}");
        assert_eq!(lines[3], "in room 4: Ben");

        assert_eq!(ada_lines.next().transpose()?.as_deref(), Some("Ben in room 1: Hello, Ada!"));
        assert_eq!(ada_lines.next().transpose()?.as_deref(), Some("Ben has left room 1"));
        // `wait` closes the standard input of the process, like Ctrl-D.
        assert!(ada.wait()?.success());
        Ok(())
    })
}

#[test]
fn client_with_invalid_name_exits_with_the_close_reason() -> TestResult {
    with_timeout(|| {
        let output = Server::start()?.client("", "1").output()?;
        let (_, errors) = texts(&output);
        assert!(!output.status.success());
        assert!(errors.contains("a name has 1 to 32 characters"), "{errors}");
        Ok(())
    })
}

/// The test needs the command `kill`.
#[cfg(unix)]
#[test]
fn interrupted_server_disconnects_clients_and_exits_with_success() -> TestResult {
    with_timeout(|| {
        let mut server = Server::start()?;
        let mut ada = server.client("Ada", "1").spawn()?;
        let mut ada_lines =
            BufReader::new(ada.stdout.take().ok_or("standard output is not piped")?).lines();
        assert_eq!(ada_lines.next().transpose()?.as_deref(), Some("in room 1: Ada"));
        let id = server.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status()?.success());
        assert!(server.process.wait()?.success());
        let line = ada_lines.next().transpose()?;
        let expected = "the session ended: the server is going away";
        assert!(line.as_ref().is_some_and(|line| line.starts_with(expected)), "{line:?}");
        ada.kill()?;
        ada.wait()?;
        Ok(())
    })
}

/// A server process that bans Ben from room 3.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Result<Self, BoxError> {
        let mut process = chat(&["server", "--addr", "127.0.0.1:0", "--ban", "3:Ben"]).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().ok_or("standard output is not piped")?)
            .read_line(&mut line)?;
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .ok_or("the server printed no URL")?
            .to_owned();
        Ok(Self { process, url })
    }

    fn client(&self, name: &str, room: &str) -> Command {
        chat(&["client", "--url", &self.url, "--name", name, "--room", room])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail if the process has already exited.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn chat(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}
