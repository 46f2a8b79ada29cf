//! What a program costs.

use std::fs;

/// The processor time that a process's threads have spent, in seconds; those that ended are not counted.
#[must_use]
pub fn cpu_seconds(pid: &str) -> f64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).expect("a running process");
    let nanoseconds = threads.map(|thread| {
        let spent =
            fs::read_to_string(thread.expect("a running process").path().join("schedstat")).expect("a running process");
        spent.split_whitespace().next().expect("a running process").parse::<f64>().expect("a running process")
    });
    nanoseconds.sum::<f64>() / 1e9
}
