//! What a proof found: figures, and promises that were kept or not.

use std::{
    fmt::{self, Display},
    io::{self, Write as _},
    time::Duration,
};

use crate::quantile::millis;

/// The figures of one proof, in the order of their finding.
#[derive(Debug)]
pub struct Report {
    title: String,
    /// A short run on a debug build says nothing about time: what depends on it is shown and not judged.
    timed: bool,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    verdict: Verdict,
    what: String,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Figure,
    Pass,
    Fail,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new(title: impl Into<String>, timed: bool) -> Self {
        Self { title: title.into(), timed, lines: Vec::new() }
    }

    /// A figure that nothing was promised about.
    pub fn figure(&mut self, what: impl Into<String>, value: impl Display) {
        self.add(Verdict::Figure, what, value);
    }

    /// A promise.
    pub fn promise(&mut self, what: impl Into<String>, kept: bool, value: impl Display) {
        self.add(if kept { Verdict::Pass } else { Verdict::Fail }, what, value);
    }

    /// A promise of which every single case counts: how many broke it.
    pub fn none(&mut self, what: impl Into<String>, broken: usize) {
        self.promise(what, broken == 0, broken);
    }

    /// A promise about time or memory, judged only where the run is long enough to say something.
    pub fn measured(&mut self, what: impl Into<String>, kept: bool, value: impl Display) {
        if self.timed {
            self.promise(what, kept, value);
        } else {
            self.figure(what, value);
        }
    }

    /// A promise that something takes no longer than this.
    pub fn within(&mut self, what: &str, took: Duration, most: Duration) {
        self.measured(format!("{what}: at most {}", millis(most)), took <= most, millis(took));
    }

    /// Whether every promise was kept, and there was one.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let judged = self.lines.iter().any(|line| line.verdict == Verdict::Pass);
        judged && self.lines.iter().all(|line| line.verdict != Verdict::Fail)
    }

    /// Shows it to whoever asked.
    pub fn print(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        write!(out, "{self}")?;
        out.flush()
    }

    fn add(&mut self, verdict: Verdict, what: impl Into<String>, value: impl Display) {
        self.lines.push(Line { verdict, what: what.into(), value: value.to_string() });
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        let width = self.lines.iter().map(|line| line.what.chars().count()).max().unwrap_or(0);
        for Line { verdict, what, value } in &self.lines {
            let verdict = match verdict {
                Verdict::Figure => "",
                Verdict::Pass => "PASS",
                Verdict::Fail => "FAIL",
            };
            writeln!(f, "  {verdict:4}  {what:width$}  {value}")?;
        }
        writeln!(f, "  {}", if self.is_good() { "PASS" } else { "FAIL" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broken_promise_is_enough_and_none_at_all_is_not_good() {
        let mut report = Report::new("a proof", true);
        report.figure("speed", 7);
        assert!(!report.is_good());
        report.none("lost", 0);
        assert!(report.is_good());
        report.within("answer", Duration::from_millis(11), Duration::from_millis(10));
        assert!(!report.is_good());
        assert!(report.to_string().ends_with("FAIL\n"), "{report}");
    }

    #[test]
    fn a_short_run_does_not_judge_time() {
        let mut report = Report::new("a proof", false);
        report.none("lost", 0);
        report.within("answer", Duration::from_millis(11), Duration::from_millis(10));
        assert!(report.is_good());
    }
}
