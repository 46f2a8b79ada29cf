//! What a program costs.

use std::fs;

/// Ticks of a second in `/proc` (`USER_HZ`): the same on every Linux that this runs on.
const TICKS: f64 = 100.0;

/// The processor time that a process has spent, in seconds, that of its threads which have ended too (`proc_pid_stat(5)`).
#[must_use]
pub fn cpu_seconds(pid: &str) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("a running process");
    // The name may have anything in it, so it is counted from the bracket after it.
    let after = stat.rsplit_once(')').expect("a name in brackets").1;
    let spent = after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().expect("a number of ticks"));
    spent.sum::<f64>() / TICKS
}
