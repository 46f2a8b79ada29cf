//! The proofs in their short form, against the program that was built for the tests. What is promised about time is not judged
//! here; half-open connections are not tried, because the server itself waits forty seconds for them.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The program that was built for the tests: named by the environment, or beside the one that proves.
fn program() -> PathBuf {
    let beside = || Path::new(env!("CARGO_BIN_EXE_bench")).with_file_name("stonechat");
    let program = env::var_os("STONECHAT_TEST_PROGRAM").map_or_else(beside, PathBuf::from);
    assert!(program.is_file(), "{} is not there: run `cargo build -p stonechat` first", program.display());
    program
}

fn proves(proof: &str) {
    let mut bench = Command::new(env!("CARGO_BIN_EXE_bench"));
    let output =
        bench.args(["--quick", proof, "--program"]).arg(program()).output().unwrap_or_else(|error| panic!("{error}"));
    let words = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&words));
}

#[test]
fn everybody_in_a_crowd_hears_every_message_once() {
    proves("crowd");
}

#[test]
fn whoever_stops_reading_is_closed_and_catches_up() {
    proves("slow");
}

#[test]
fn cut_connections_leave_no_gap_and_no_repeat() {
    proves("churn");
}

#[test]
fn a_repeated_send_is_kept_once() {
    proves("retry");
}
