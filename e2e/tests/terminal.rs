//! Somebody at a terminal: logs in, reads what is said, says something, hears the bell and goes; and the terminal is as it was.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    fs,
    io::{Read as _, Write as _},
    num::NonZero,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use e2e::{Server, program};
use testkit::{
    cast::{Guest, PASSWORD},
    wait::wait_until,
};

/// How long anything on the screen may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// What gives a terminal its former screen back.
const LEAVE: &str = "\u{1b}[?1049l";

/// The program in a terminal of 80 columns and 24 rows, which `script` makes.
struct Terminal {
    script: Child,
    shown: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    /// Starts a chat; its number as a process goes into `pid` in the folder.
    fn chats(server: &Server, folder: &Path, token: Option<&str>) -> Self {
        let talk = format!("exec {} chat {}", program().display(), server.base);
        let talk = format!("stty rows 24 cols 80; echo $$ > pid; {talk}");
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--flush", "--command", &talk, "/dev/null"]);
        script.current_dir(folder).env("SHELL", "/bin/sh").env("TERM", "xterm-256color").env_remove("STONECHAT_TOKEN");
        script.envs(token.map(|token| ("STONECHAT_TOKEN", token)));
        let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script runs");
        let (mut out, shown) = (script.stdout.take().unwrap(), Arc::default());
        let kept: Arc<Mutex<Vec<u8>>> = Arc::clone(&shown);
        thread::spawn(move || {
            let mut piece = [0; 4_096];
            while let Ok(read @ 1..) = out.read(&mut piece) {
                kept.lock().unwrap().extend(&piece[..read]);
            }
        });
        Self { script, shown }
    }

    fn types(&mut self, keys: &str) {
        self.script.stdin.as_mut().unwrap().write_all(keys.as_bytes()).expect("somebody reads the keys");
    }

    /// All that was ever written to the terminal.
    fn written(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).into_owned()
    }

    /// What stands on the screen.
    fn screen(&self) -> String {
        let [rows, columns] = [24, 80].map(|size| NonZero::new(size).unwrap());
        let mut terminal = vt100::Parser::new(rows, columns, 0);
        terminal.process(&self.shown.lock().unwrap());
        terminal.screen().contents()
    }

    /// Waits until the screen has these words.
    fn shows(&self, words: &str) {
        wait_until(words, PATIENCE, || self.screen().contains(words).then_some(()));
    }

    /// Waits for the end, and gives its code.
    fn ends(&mut self) -> Option<i32> {
        wait_until("the end", PATIENCE, || self.script.try_wait().unwrap()).code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It ends with its input; one that was not waited for is of a test that failed.
        drop(self.script.stdin.take());
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

#[test]
fn somebody_at_a_terminal_logs_in_reads_answers_and_goes() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let (alice, bob) = (Guest::signs_up(&server.base, "alice"), Guest::signs_up(&server.base, "bob"));
    let [quarry, cavern] = ["quarry", "cavern"].map(|name| {
        alice.joins(name);
        bob.joins(name)
    });
    bob.posts(quarry, "k1", "granite").unwrap();

    let mut terminal = Terminal::chats(&server, folder.path(), None);
    terminal.shows("Name:");
    terminal.types("alice\r");
    terminal.shows("Password:");
    terminal.types("not the password\r");
    terminal.shows("wrong");
    terminal.types("alice\r");
    wait_until("a second question", PATIENCE, || (terminal.written().matches("Password:").count() == 2).then_some(()));
    terminal.types(&format!("{PASSWORD}\r"));

    // What was said before, what is said now, and what one says.
    terminal.shows("bob  granite");
    bob.posts(quarry, "k2", "stalactite").unwrap();
    terminal.shows("bob  stalactite");
    terminal.types("stalagmite, said alice\r");
    let last = |guest: &Guest| guest.reads(quarry).messages.pop().map(|message| message.said.text.as_str().to_owned());
    wait_until("alice's message", PATIENCE, || (last(&bob).as_deref() == Some("stalagmite, said alice")).then_some(()));

    // A message elsewhere rings the bell, and there one is told to be; a third room is entered by its name.
    let rang = || terminal.written().contains('\u{7}').then_some(());
    assert_eq!(rang(), None, "nothing was said elsewhere");
    bob.posts(cavern, "k3", "basalt").unwrap();
    terminal.shows("#cavern         1");
    wait_until("the bell", PATIENCE, rang);
    terminal.types("\u{1b}a");
    terminal.shows("bob  basalt");
    terminal.types("/join grotto\r");
    terminal.shows("│ #grotto");
    terminal.types("/quit\r");
    assert_eq!(terminal.ends(), Some(0));
    let written = terminal.written();
    assert!(written.contains(LEAVE) && !written.contains(PASSWORD), "{written:?}");
    assert!(!written.contains("not the password"), "{written:?}");
}

#[test]
fn a_program_that_is_asked_to_end_gives_the_terminal_back() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let alice = Guest::signs_up(&server.base, "alice");
    alice.joins("quarry");
    let mut terminal = Terminal::chats(&server, folder.path(), Some(&alice.token));
    terminal.shows("#quarry");
    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    assert!(Command::new("kill").args(["-TERM", pid.trim()]).status().unwrap().success());
    assert_eq!(terminal.ends(), Some(0));
    assert!(terminal.written().contains(LEAVE));
    assert_eq!(alice.gets("session").status, 200, "the session was not this program's to end");
}

#[test]
fn a_session_that_is_over_is_told_in_words() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::chats(&server, folder.path(), Some("stc_nobody"));
    assert_ne!(terminal.ends(), Some(0));
    let written = terminal.written();
    let (_, words) = written.rsplit_once(LEAVE).expect("the terminal is given back");
    assert!(words.contains("The session is over. Log in again."), "{words:?}");
}
