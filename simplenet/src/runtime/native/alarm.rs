//! The deadlines of futures that the application polls.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::JoinHandle,
};

use super::background;
use crate::time::{self, Instant};

/// A future that completes at a deadline.
///
/// Unlike a timer, it completes under any executor, also if nothing runs the runtime of the server
/// or client, and after the end of the runtime.
pub(crate) struct Alarm {
    runtime: Handle,
    deadline: Instant,
    /// Sleeps by the clock of the runtime, which tests can pause.
    sleeper: Option<JoinHandle<()>>,
    /// Sleeps on the background runtime, if the runtime has no threads of its own.
    second: Option<JoinHandle<()>>,
}

impl Alarm {
    pub(super) fn new(runtime: Handle, deadline: Instant) -> Self {
        let second = match runtime.runtime_flavor() {
            RuntimeFlavor::CurrentThread => sleep_in_background(deadline),
            _ => None,
        };
        Self { sleeper: Some(sleep_on(&runtime, deadline)), second, runtime, deadline }
    }

    fn has_passed(&self) -> bool {
        let _guard = self.runtime.enter();
        time::now() >= self.deadline
    }
}

fn sleep_on(runtime: &Handle, deadline: Instant) -> JoinHandle<()> {
    runtime.spawn(async move { tokio::time::sleep_until(deadline.into()).await })
}

fn sleep_in_background(deadline: Instant) -> Option<JoinHandle<()>> {
    background::handle().ok().map(|background| sleep_on(&background, deadline))
}

impl Future for Alarm {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(second) = &mut self.second
            && Pin::new(second).poll(context).is_ready()
        {
            self.second = None;
            // A paused clock can be behind the clock of the background runtime.
            if self.has_passed() {
                return Poll::Ready(());
            }
        }
        while let Some(sleeper) = &mut self.sleeper {
            match Pin::new(sleeper).poll(context) {
                Poll::Ready(Ok(())) => break,
                // The runtime has ended before the deadline.
                Poll::Ready(Err(_)) => self.sleeper = sleep_in_background(self.deadline),
                Poll::Pending => return Poll::Pending,
            }
        }
        self.sleeper = None;
        Poll::Ready(())
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        for sleeper in self.sleeper.iter().chain(&self.second) {
            sleeper.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::runtime::{Builder, Runtime};

    use super::*;
    use crate::runtime::native;

    /// Waits for the alarm on a thread without a runtime.
    fn wait_outside(alarm: Alarm) {
        let outside = native::Runtime::from(background::handle().expect("a runtime"));
        outside.block_on(Duration::from_secs(20), alarm).expect("the alarm");
    }

    fn current_thread() -> Runtime {
        Builder::new_current_thread().enable_all().build().expect("a runtime")
    }

    fn soon() -> Instant {
        time::deadline(Duration::from_millis(10))
    }

    #[tokio::test(start_paused = true)]
    async fn alarm_follows_a_paused_clock() {
        let deadline = time::deadline(Duration::from_secs(24 * 60 * 60));
        Alarm::new(Handle::current(), deadline).await;
        assert!(time::now() >= deadline);
    }

    #[test]
    fn alarm_of_a_runtime_that_nothing_runs_completes() {
        let runtime = current_thread();
        let deadline = soon();
        wait_outside(Alarm::new(runtime.handle().clone(), deadline));
        assert!(time::now() >= deadline);
    }

    #[test]
    fn alarm_of_an_ended_runtime_completes_at_its_deadline() {
        for runtime in [current_thread(), Runtime::new().expect("a runtime")] {
            let deadline = soon();
            let alarm = Alarm::new(runtime.handle().clone(), deadline);
            drop(runtime);
            wait_outside(alarm);
            assert!(time::now() >= deadline);
        }
    }
}
