//! Waiting for something that cannot call back: another program's port, a line in its output, a page in a browser.
//!
//! It asks again every few milliseconds until a deadline. What happens inside this process is awaited, never polled:
//! a channel, a notification or tokio's paused clock serve better there.

use std::{
    thread,
    time::{Duration, Instant},
};

/// The pause between two questions, in milliseconds.
const PAUSE_MS: u64 = 10;

/// Asks until there is an answer, and returns it.
///
/// # Panics
/// When there is none by the deadline; the message says `what` was waited for.
pub fn wait_until<T>(what: &str, deadline: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < deadline, "waited {deadline:?} in vain for {what}");
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "another program cannot wake this one; the loop above has a deadline")]
fn pause() {
    thread::sleep(Duration::from_millis(PAUSE_MS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_comes_back() {
        let mut left = 3;
        let answer = wait_until("the countdown", Duration::from_secs(5), || {
            left -= 1;
            (left == 0).then_some("go")
        });
        assert_eq!(answer, "go");
    }

    #[test]
    #[should_panic(expected = "in vain for a miracle")]
    fn no_answer_is_a_failure() {
        wait_until("a miracle", Duration::ZERO, || None::<()>);
    }
}
