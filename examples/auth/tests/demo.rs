//! The program as its users start it.

use std::{
    error::Error,
    io::Read,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Tokens last for seconds here, and the whole demo half a minute: what lasts this long hangs.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn the_demo_goes_through_the_life_of_tokens_and_keys() -> Outcome {
    let mut demo = Demo(
        Command::new(env!("CARGO_BIN_EXE_auth-demo"))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?,
    );
    let output = demo.output()?;
    let status = demo.0.wait()?;
    assert!(status.success(), "{status}\n{output}");
    let headings: Vec<_> = output.lines().filter_map(|line| line.strip_prefix("== ")).collect();
    let expected = ["Login", "Connect", "Expiry", "Refresh", "Rotation", "Revocation"];
    assert_eq!(headings, expected, "{output}");
    Ok(())
}

/// The running program, which does not outlive the test.
struct Demo(Child);

impl Demo {
    /// All that it says; after [`PATIENCE`] it is killed, and what it has said is shown.
    fn output(&mut self) -> Result<String, Box<dyn Error + Send + Sync>> {
        let mut stdout = self.0.stdout.take().ok_or("its output is not piped")?;
        let (sender, said) = mpsc::channel();
        thread::spawn(move || {
            let mut output = Vec::new();
            let end = stdout.read_to_end(&mut output);
            sender.send(end.map(|_| output))
        });
        match said.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Timeout) => {
                self.0.kill()?;
                let output = said.recv()??;
                eprintln!("{}", String::from_utf8_lossy(&output));
                Err("it hangs, having said what stands above".into())
            }
            output => Ok(String::from_utf8_lossy(&output??).into_owned()),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
