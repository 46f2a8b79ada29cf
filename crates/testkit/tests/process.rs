//! A program under guard ends with its test, and leaves nothing.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    time::Duration,
};

use testkit::{process::Program, wait::wait_until};

const SOON: Duration = Duration::from_secs(10);

fn shell(script: &str) -> Program {
    Program::new("sh").arg("-c").arg(script)
}

fn lives(pid: &str) -> bool {
    Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn its_exit_code_comes_back() {
    assert_eq!(shell("exit 7").start().unwrap().wait().unwrap().code(), Some(7));
}

#[test]
fn its_output_can_be_read_and_its_stdin_is_empty() {
    let mut running = shell("cat; echo $GREETING").env("GREETING", "hello").stdout(Stdio::piped()).start().unwrap();
    let mut text = String::new();
    running.stdout().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello\n");
}

#[test]
fn a_signal_reaches_it() {
    // Not HUP: whoever runs the tests under nohup has it ignored, and a shell cannot trap what was ignored before it.
    let mut running = shell("trap 'exit 3' USR1; echo ready; while :; do sleep 0.1; done");
    running = running.stdout(Stdio::piped());
    let mut running = running.start().unwrap();
    BufReader::new(running.stdout().unwrap()).read_line(&mut String::new()).unwrap();
    running.signal("USR1").unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(3));

    let mut running = shell("exec sleep 1000").start().unwrap();
    running.signal("KILL").unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(128 + 9));
}

#[test]
fn dropping_it_stops_it_and_removes_its_folder() {
    let folder = tempfile::tempdir().unwrap().keep();
    fs::write(folder.join("file"), "x").unwrap();
    let mut running =
        shell("echo $$; exec sleep 1000").stdout(Stdio::piped()).leaves_nothing_in(&folder).start().unwrap();
    let mut pid = String::new();
    BufReader::new(running.stdout().unwrap()).read_line(&mut pid).unwrap();
    assert!(lives(pid.trim()));
    drop(running);
    assert!(!lives(pid.trim()));
    assert!(!folder.exists());
}

/// The test calls itself in another process, which starts a program and is killed outright.
#[test]
fn a_killed_test_takes_its_program_along() {
    const FOLDER: &str = "STONECHAT_TEST_GUARD_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER) {
        let _running = shell("echo $$ > pid.new; mv pid.new pid; exec sleep 1000")
            .in_folder(folder.as_ref())
            .leaves_nothing_in(&folder)
            .start()
            .unwrap();
        loop {
            std::thread::park();
        }
    }
    let folder = tempfile::tempdir().unwrap().keep();
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_killed_test_takes_its_program_along"])
        .env(FOLDER, &folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = wait_until("the program's start", SOON, || fs::read_to_string(folder.join("pid")).ok());
    assert!(lives(pid.trim()));
    test.kill().unwrap();
    test.wait().unwrap();
    wait_until("the program's end", SOON, || (!lives(pid.trim())).then_some(()));
    wait_until("the folder's end", SOON, || (!folder.exists()).then_some(()));
}
