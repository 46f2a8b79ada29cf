//! Everything that must hold before a change goes in: the same on a laptop as elsewhere.
//!
//! Every step runs, so that one go shows all that is wrong. The tests come last, and their number is the last line.

use std::process::{Command, Stdio};

use crate::{cargo, machine, test, tidy};

/// A check by cargo, and what to do when it fails.
struct Step {
    name: &'static str,
    arguments: &'static [&'static str],
}

const STEPS: [Step; 5] = [
    Step { name: "fmt", arguments: &["fmt", "--all", "--check"] },
    Step {
        name: "clippy",
        arguments: &["clippy", "--workspace", "--exclude", "stonechat-web", "--all-targets", "--", "-D", "warnings"],
    },
    Step {
        name: "clippy of the web client",
        arguments: &["clippy", "-p", "stonechat-web", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"],
    },
    Step {
        name: "doc",
        arguments: &["doc", "--workspace", "--exclude", "stonechat-web", "--no-deps", "--document-private-items"],
    },
    // What a phone has to fetch has a budget, and only a release is compressed.
    Step { name: "weight of the web client", arguments: &["test", "--release", "-p", "stonechat-web-bundle"] },
];

/// Runs every check and every test.
pub(crate) fn run() -> bool {
    if !machine::prepare() {
        return false;
    }
    let mut failed: Vec<&str> = STEPS.iter().filter(|step| !passes(step)).map(|step| step.name).collect();
    println!("== tidy");
    if !tidy::run() {
        failed.push("tidy");
    }
    println!("== test");
    let summary = test::all();
    if !failed.is_empty() {
        println!("These checks failed; what they said is above: {}", failed.join(", "));
    }
    println!("{summary}");
    failed.is_empty() && summary.is_good()
}

fn passes(step: &Step) -> bool {
    println!("== {}", step.name);
    let mut command: Command = cargo(step.arguments);
    command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links").stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
