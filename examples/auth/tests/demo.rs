//! Tests that start the program as its users do.

use std::{
    error::Error,
    io::Read,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// The time limit of the demo. It takes about half a minute, because it waits for tokens to expire.
const TIMEOUT: Duration = Duration::from_secs(120);

#[test]
fn demo_completes_all_steps() -> Result<(), BoxError> {
    let mut demo = Demo(
        Command::new(env!("CARGO_BIN_EXE_auth-demo"))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?,
    );
    let output = demo.read_output()?;
    let status = demo.0.wait()?;
    assert!(status.success(), "{status}\n{output}");
    let headings: Vec<_> = output.lines().filter_map(|line| line.strip_prefix("== ")).collect();
    let expected = ["Login", "Connect", "Expiry", "Refresh", "Rotation", "Revocation"];
    assert_eq!(headings, expected, "{output}");
    Ok(())
}

/// The process of the demo. Dropping it kills the process.
struct Demo(Child);

impl Demo {
    /// Returns the whole output. After [`TIMEOUT`], kills the process, prints its output so far,
    /// and returns an error.
    fn read_output(&mut self) -> Result<String, BoxError> {
        let mut stdout = self.0.stdout.take().ok_or("standard output is not piped")?;
        let (sender, result) = mpsc::channel();
        thread::spawn(move || {
            let mut output = Vec::new();
            let end = stdout.read_to_end(&mut output);
            sender.send(end.map(|_| output))
        });
        match result.recv_timeout(TIMEOUT) {
            Err(RecvTimeoutError::Timeout) => {
                self.0.kill()?;
                let output = result.recv()??;
                eprintln!("{}", String::from_utf8_lossy(&output));
                Err(format!("the demo did not finish within {} s", TIMEOUT.as_secs()).into())
            }
            output => Ok(String::from_utf8_lossy(&output??).into_owned()),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Both fail if the process has already exited.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
