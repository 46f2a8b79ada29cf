//! Somebody with a text browser: makes an account, joins a room, says something and reads what others say.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use e2e::Server;
use testkit::cast::Guest;

const PASSWORD: &str = "two stones struck together";

/// Keys that are pressed one after the other.
#[derive(Default)]
struct Keys(String);

impl Keys {
    fn press(mut self, key: &str) -> Self {
        self.0.extend(["key ", key, "\n"]);
        self
    }

    fn tabs(self, times: usize) -> Self {
        (0..times).fold(self, |keys, _| keys.press("<tab>"))
    }

    fn types(self, text: &str) -> Self {
        text.chars().fold(self, |keys, c| if c == ' ' { keys.press("<space>") } else { keys.press(&c.to_string()) })
    }

    fn enter(self) -> Self {
        self.press("^J")
    }
}

/// Lynx, with a folder for its cookies.
struct Lynx<'f>(&'f Path);

impl Lynx<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new("lynx");
        command.env("TERM", "vt100").env("HOME", self.0).env("LANG", "C.UTF-8").stdin(Stdio::null());
        command.arg(format!("-cfg={}", self.0.join("lynx.cfg").display()));
        command
    }

    /// Opens an address, presses keys, and ends.
    fn presses(&self, url: &str, keys: Keys) {
        let script = self.0.join("keys");
        fs::write(&script, keys.press("Q").0).unwrap();
        let ended = self.command().arg(format!("-cmd_script={}", script.display())).arg(url).output();
        let ended = ended.expect("lynx runs");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    }

    /// A page as it is read.
    fn reads(&self, url: &str) -> String {
        let read = self.command().args(["-dump", "-nolist", "-width=200", url]).output().expect("lynx runs");
        String::from_utf8_lossy(&read.stdout).into_owned()
    }
}

#[test]
fn a_text_browser_signs_up_joins_says_and_reads() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let cookies = folder.path().join("cookies").display().to_string();
    let settings = format!(
        "ACCEPT_ALL_COOKIES:TRUE\nPERSISTENT_COOKIES:TRUE\nCOOKIE_FILE:{cookies}\nCOOKIE_SAVE_FILE:{cookies}\n"
    );
    fs::write(folder.path().join("lynx.cfg"), settings).unwrap();
    let lynx = Lynx(folder.path());

    // From the form of a new account by the app's page, which knows what to do without a script, into a room and to its first message.
    let keys = Keys::default().tabs(1).types("lynx").tabs(1).types(PASSWORD).tabs(1).types(PASSWORD).tabs(1).enter();
    let keys = keys.enter().tabs(3).types("quarry").tabs(1).enter();
    let keys = keys.tabs(2).types("typed in a text browser").tabs(1).enter();
    lynx.presses(&format!("{}/signup", server.base), keys);

    let alice = Guest::signs_up(&server.base, "alice");
    let room = alice.joins("quarry");
    let said: Vec<_> = alice.reads(room).messages.into_iter().map(|message| message.said).collect();
    assert_eq!(said.iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), ["typed in a text browser"]);
    assert_eq!(said[0].author.name.as_str(), "lynx");

    alice.posts(room, "k", "answered by\nthe API").unwrap();
    let page = lynx.reads(&format!("{}/plain/rooms/{room}", server.base));
    let places = ["#quarry", "lynx", "typed in a text browser", "alice", "answered by", "the API", "Write"];
    let found: Vec<_> =
        places.iter().map(|words| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"))).collect();
    assert!(found.is_sorted(), "{page}");
    assert!(lynx.reads(&format!("{}/plain/", server.base)).contains("#quarry"));
}
