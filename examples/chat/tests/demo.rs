//! The program as its users start it.

use std::{
    error::Error,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// A minute is far more than any of this takes, so whatever lasts so long hangs.
fn in_time(test: fn() -> Outcome) -> Outcome {
    let (sender, outcome) = mpsc::channel();
    thread::spawn(move || sender.send(test()));
    outcome.recv_timeout(Duration::from_secs(60))?
}

#[test]
fn the_demo_shows_the_conversation_the_refusal_and_a_summary() -> Outcome {
    in_time(|| {
        let demo = chat(&[]).output()?;
        let (output, _) = texts(&demo);
        assert!(demo.status.success(), "{demo:?}");
        let line = |who: &str, words: &str| {
            output.lines().any(|line| line.starts_with(who) && line.contains(words))
        };
        assert!(line("Ann ", "hears: Ben in room 1: Hello, Ann!"), "{output}");
        assert!(line("Ben ", "is not let into room 2: banned"), "{output}");
        assert!(line("Cleo ", "different schemas of channel `chat`"), "{output}");
        if cfg!(debug_assertions) {
            assert!(line("Cleo ", "`chat`: RoomId.0: u16 -> u32; "), "{output}");
        }
        let last = output.lines().last();
        assert!(last.is_some_and(|line| line.starts_with("11 of 11 as expected")), "{output}");
        Ok(())
    })
}

#[test]
fn people_at_terminals_talk_until_they_have_nothing_more_to_say() -> Outcome {
    in_time(|| {
        let server = Server::start()?;
        let mut ada = server.client("Ada", "1").spawn()?;
        let mut heard = BufReader::new(ada.stdout.take().ok_or("no output")?).lines();
        assert_eq!(heard.next().transpose()?.as_deref(), Some("in room 1: Ada"));

        let mut ben = server.client("Ben", "2").spawn()?;
        let mut typed = ben.stdin.take().ok_or("no input")?;
        typed.write_all(b"/join 1\nHello, Ada!\n/join 3\n/join 4\n")?;
        drop(typed);
        let ben = ben.wait_with_output()?;
        let (output, _) = texts(&ben);
        let lines: Vec<&str> = output.lines().collect();
        assert!(ben.status.success(), "{ben:?}");
        assert_eq!(lines[..2], ["in room 2: Ben", "in room 1: Ada, Ben"]);
        assert!(lines[2].starts_with("not let into room 3: banned for another "), "{output}");
        assert_eq!(lines[3], "in room 4: Ben");

        assert_eq!(heard.next().transpose()?.as_deref(), Some("Ben in room 1: Hello, Ada!"));
        assert_eq!(heard.next().transpose()?.as_deref(), Some("Ben has left room 1"));
        // Her input ends with this: Ctrl-D.
        assert!(ada.wait()?.success());
        Ok(())
    })
}

#[test]
fn a_client_whose_name_does_not_do_ends_with_the_reason() -> Outcome {
    in_time(|| {
        let output = Server::start()?.client("", "1").output()?;
        let (_, errors) = texts(&output);
        assert!(!output.status.success());
        assert!(errors.contains("a name has 1 to 32 characters"), "{errors}");
        Ok(())
    })
}

/// Interrupting a process takes a command that not every system has.
#[cfg(unix)]
#[test]
fn an_interrupted_server_ends_in_good_order() -> Outcome {
    in_time(|| {
        let mut server = Server::start()?;
        let mut ada = server.client("Ada", "1").spawn()?;
        let mut heard = BufReader::new(ada.stdout.take().ok_or("no output")?).lines();
        assert_eq!(heard.next().transpose()?.as_deref(), Some("in room 1: Ada"));
        let id = server.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status()?.success());
        assert!(server.process.wait()?.success());
        let line = heard.next().transpose()?;
        assert!(
            line.is_some_and(|line| line.starts_with("disconnected: the server is going away"))
        );
        ada.kill()?;
        ada.wait()?;
        Ok(())
    })
}

/// A server that keeps Ben out of room 3.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut process = chat(&["server", "--addr", "127.0.0.1:0", "--ban", "3:Ben"]).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().ok_or("no output")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").ok_or("no url")?.to_owned();
        Ok(Self { process, url })
    }

    fn client(&self, name: &str, room: &str) -> Command {
        chat(&["client", "--url", &self.url, "--name", name, "--room", room])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
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
