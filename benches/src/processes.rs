use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use clap::ValueEnum;

use crate::{
    Result, cpu,
    figures::Figures,
    peer::{Implementation, READY},
    workload::Workload,
};

/// Runs a workload once, with a server and a client in processes of their own.
pub(crate) fn measure(implementation: Implementation, workload: Workload) -> Result<Figures> {
    let mut server = Process::start("server", implementation, workload, None)?;
    let url = format!("ws://{}/", server.hear()?);
    let mut client = Process::start("client", implementation, workload, Some(&url))?;
    let ready = client.hear()?;
    if ready != READY {
        return Err(format!("the client said `{ready}`").into());
    }
    let before = cpu::used_by(server.id())? + cpu::used_by(client.id())?;
    client.tell("go")?;
    let median: u64 = client.hear()?.parse()?;
    let after = cpu::used_by(server.id())? + cpu::used_by(client.id())?;
    Ok(Figures {
        cpu: (after - before).as_secs_f64() / workload.count() as f64,
        round_trip: Duration::from_nanos(median).as_secs_f64(),
    })
}

/// This program again, as one side of a measurement. It ends with this value.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(
        role: &str,
        implementation: Implementation,
        workload: Workload,
        url: Option<&str>,
    ) -> Result<Self> {
        let implementation = implementation.to_possible_value();
        let mut child = Command::new(env::current_exe()?)
            .arg(role)
            .args(implementation.iter().map(|value| value.get_name()))
            .arg(workload.name())
            .args(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("the process has no input")?;
        let output = child.stdout.take().ok_or("the process has no output")?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line it says.
    fn hear(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err("a process of the measurement ended early".into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        Ok(writeln!(self.input, "{line}")?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
