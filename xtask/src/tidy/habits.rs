//! Nothing is put off without a number, no test is switched off, and no test sleeps.

use super::{File, Tree, Violation};

/// The one place that waits by asking again.
const WAITS: &str = "crates/testkit/src/wait.rs";

/// No unfinished code, no ignored test, no sleep in a test.
pub(super) fn nothing_is_left_undone(tree: &Tree) -> Vec<Violation> {
    tree.files.iter().filter(|file| !file.path.starts_with("xtask/src/tidy")).flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Violation> {
    // STYLE.md and its like speak of these things.
    if file.extension() == "md" {
        return Vec::new();
    }
    let tests_begin = file.tests_begin();
    let paused = ["start_paused", "time::pause("].iter().any(|word| file.text.contains(word));
    let mut violations = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let comment = line.trim_start().starts_with("//");
        let asleep = file.extension() == "rs"
            && sleeps(line)
            && !comment
            && (index >= tests_begin || line.contains("thread::sleep"));
        let advice = if ["TODO", "FIXME"].iter().any(|word| line.contains(word)) && !names_an_issue(line) {
            "something is put off. Do it, or name its issue: `TODO(#12)`."
        } else if line.contains("todo!(") && !comment {
            "something is not written. Write it."
        } else if line.contains("#[ignore") && !comment {
            "a test is switched off. Mend it, or let it assert what is broken and say so."
        } else if asleep && !paused && file.path != WAITS {
            "a test sleeps. Await what it waits for, pause tokio's clock, or use `testkit::wait::wait_until`."
        } else {
            continue;
        };
        violations.push(Violation::at(&file.path, index + 1, advice));
    }
    violations
}

fn sleeps(line: &str) -> bool {
    ["sleep(", "sleep_until(", "thread::sleep"].iter().any(|call| line.contains(call))
}

fn names_an_issue(line: &str) -> bool {
    line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
