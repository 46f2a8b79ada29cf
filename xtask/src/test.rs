//! All tests, with one number at the end.
//!
//! The real binary is built first, because the end-to-end tests start it. A failure does not keep the other tests from
//! running. The last line is `N passed, N failed`, alone.

use std::{
    fmt,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::Stdio,
};

use serde_json::Value;

use crate::{cargo, machine};

/// Where the end-to-end tests find the server.
const PROGRAM: &str = "STONECHAT_TEST_PROGRAM";

/// Where the test of the API finds what asks it.
const SCHEMATHESIS: &str = "STONECHAT_TEST_SCHEMATHESIS";
/// The variable that tells them where websocat is.
const WEBSOCAT: &str = "STONECHAT_TEST_WEBSOCAT";

/// How many tests passed, and how many did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    passed: u32,
    failed: u32,
}

impl Summary {
    /// Whether all is well. Nothing at all is not.
    pub(crate) fn is_good(self) -> bool {
        self.passed > 0 && self.failed == 0
    }

    /// Adds what one test program says at its end: `test result: ok. 5 passed; 0 failed; 0 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        let number = |words: &str, what: &str| words.strip_suffix(what)?.trim().rsplit(' ').next()?.parse().ok();
        for words in result.split(';') {
            self.passed += number(words, "passed").unwrap_or(0);
            self.failed += number(words, "failed").unwrap_or(0);
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Runs all tests, and prints how many passed.
pub(crate) fn run() -> bool {
    if !machine::prepare() {
        return false;
    }
    let summary = all();
    println!("{summary}");
    summary.is_good()
}

/// Runs all tests. A program that could not be built, or broke off, counts as one failure.
pub(crate) fn all() -> Summary {
    let Some((target, program)) = build() else { return Summary { passed: 0, failed: 1 } };
    // The client's own tests run in the end-to-end tests' browser; for this machine it is not even built.
    let mut tests = cargo(&["test", "--workspace", "--exclude", "stonechat-web", "--no-fail-fast"]);
    tests.envs(machine::schemathesis(&target).map(|program| (SCHEMATHESIS, program)));
    tests.envs(machine::websocat(&target).map(|program| (WEBSOCAT, program)));
    tests.env(PROGRAM, program).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut summary = Summary::default();
    let Ok(mut running) = tests.spawn() else { return Summary { passed: 0, failed: 1 } };
    for line in running.stdout.take().map(BufReader::new).into_iter().flat_map(|output| output.split(b'\n')) {
        // A test may print anything, text or not.
        let Ok(line) = line else { break };
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        summary.add(&line);
    }
    let finished = running.wait().is_ok_and(|status| status.success());
    if !finished && summary.failed == 0 {
        summary.failed = 1;
    }
    summary
}

/// Builds the server, and says where builds are kept, and where it is.
fn build() -> Option<(PathBuf, PathBuf)> {
    if !cargo(&["build", "-p", "stonechat"]).stdin(Stdio::null()).status().ok()?.success() {
        return None;
    }
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps"]).output().ok()?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout).ok()?;
    let target = PathBuf::from(metadata.get("target_directory")?.as_str()?);
    let program = target.join("debug/stonechat");
    Some((target, program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_summed() {
        let mut summary = Summary::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.08s",
            "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 1.63s",
            "test the_result: 9 passed; 9 failed",
        ] {
            summary.add(line);
        }
        assert_eq!(summary.to_string(), "15 passed, 2 failed");
        assert!(!summary.is_good());
    }

    #[test]
    fn nothing_is_not_good() {
        assert!(!Summary::default().is_good());
        assert!(Summary { passed: 1, failed: 0 }.is_good());
    }
}
