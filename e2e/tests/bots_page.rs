//! The page about bots and hooks does what it says: its blocks are run as they stand there, one after the other.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    collections::HashMap,
    env, fs,
    io::{BufRead as _, BufReader, Read as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use e2e::Server;
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::RoomId;
use sha2::Sha256;
use testkit::{
    cast::{Guest, JSON, send},
    wait::wait_until,
};

/// The variable that names websocat's program.
const WEBSOCAT: &str = "STONECHAT_TEST_WEBSOCAT";
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that ends with the test.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The blocks of the page, each with its language.
fn blocks() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/bots.md");
    let page = fs::read_to_string(page).unwrap();
    let inside = page.split("\n```").collect::<Vec<_>>();
    let blocks = inside.iter().skip(1).step_by(2).map(|block| block.split_once('\n').unwrap());
    blocks.map(|(language, code)| (language.to_owned(), code.to_owned())).collect()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A folder in which websocat is called so.
fn websocat(folder: &Path) -> PathBuf {
    let program = env::var_os(WEBSOCAT).map_or_else(|| PathBuf::from("websocat"), PathBuf::from);
    let found = Command::new(&program).arg("--version").stdout(Stdio::null()).status();
    assert!(found.is_ok_and(|status| status.success()), "{WEBSOCAT} names no program (`cargo xtask test` installs it)");
    let named = folder.join("named");
    fs::create_dir(&named).unwrap();
    if program.is_absolute() {
        std::os::unix::fs::symlink(program, named.join("websocat")).unwrap();
    }
    named
}

fn texts(who: &Guest, room: RoomId) -> Vec<String> {
    who.reads_all(room).iter().map(|message| message.said.text.as_str().to_owned()).collect()
}

/// Plays what somebody else does while the program with the line runs.
fn plays_ping(bob: &Guest, room: RoomId) {
    wait_until("the bot with curl", PATIENCE, || {
        texts(bob, room).iter().any(|text| text.contains("**green**")).then_some(())
    });
    let mut tries = 0;
    // Until it listens, it hears nothing.
    wait_until("an answer", PATIENCE, || {
        tries += 1;
        bob.posts(room, &format!("ping-{tries}"), "ping").unwrap();
        texts(bob, room).contains(&"pong".to_owned()).then_some(())
    });
    bob.posts(room, "night", "good night").unwrap();
}

/// The receiver of the page, on a port of its own; what it prints comes line by line.
fn receives(code: &str, port: u16, secret: &str) -> (Ending, mpsc::Receiver<String>) {
    let mut command = Command::new("python3");
    command.args(["-u", "-c", code]).env("PORT", port.to_string()).env("SECRET", secret).stdin(Stdio::null());
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(running.stdout.take().unwrap()).lines().map_while(Result::ok);
    let (tell, told) = mpsc::sync_channel(100);
    thread::spawn(move || lines.for_each(|line| drop(tell.send(line))));
    wait_until("the receiver", PATIENCE, || TcpStream::connect(("127.0.0.1", port)).ok().map(drop));
    (Ending(running), told)
}

/// Whether the receiver takes this, signed with `key` so many seconds ago.
#[expect(clippy::disallowed_methods, reason = "the receiver is a program that looks at the clock")]
fn takes(port: u16, key: &[u8], seconds_ago: u64, body: &str, sign: impl Fn(String) -> String) -> u16 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let time = (now - seconds_ago).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(format!("msg_x_{seconds_ago}.{time}.{body}").as_bytes());
    let signature = sign(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
    let name = format!("msg_x_{seconds_ago}");
    let headers =
        [JSON, ("webhook-id", name.as_str()), ("webhook-timestamp", time.as_str()), ("webhook-signature", &signature)];
    send("POST", &format!("http://127.0.0.1:{port}/told"), &headers, Some(body)).status
}

#[test]
fn the_page_about_bots_does_what_it_says() {
    let server = Server::start_with(None, ["--outbound-own-hosts", "127.0.0.1"].map(str::to_owned).to_vec());
    let port = free_port();
    Guest::signs_up(&server.base, "alice");
    let bob = Guest::signs_up(&server.base, "bob");
    let room = bob.joins("general");
    let mut by_language: HashMap<String, Vec<String>> = HashMap::new();
    for (language, code) in blocks() {
        let kind = if language == "python" { "python" } else { "shell" };
        by_language.entry(kind.to_owned()).or_default().push(code);
    }
    let told = format!("http://127.0.0.1:{port}/told");
    let script = by_language["shell"].join("\necho\n");
    assert_eq!(script.matches("http://127.0.0.1:8000").count(), 1);
    assert_eq!(script.matches("https://bot.example.org/told").count(), 1);
    let script = script.replace("http://127.0.0.1:8000", &server.base).replace("https://bot.example.org/told", &told);

    let named = websocat(server.folder());
    let path = [named.into_os_string(), env::var_os("PATH").unwrap()].join(std::ffi::OsStr::new(":"));
    let mut shell = Command::new("bash");
    shell.args(["-eo", "pipefail", "-c", &script]).env("PATH", path).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut running = Ending(shell.spawn().unwrap());
    let mut output = running.0.stdout.take().unwrap();
    let said = thread::spawn(move || {
        let mut said = String::new();
        output.read_to_string(&mut said).map(|_| said)
    });
    plays_ping(&bob, room);
    let ended = wait_until("the end of the script", PATIENCE, || running.0.try_wait().unwrap());
    let said = said.join().unwrap().unwrap();
    assert!(ended.success(), "{ended}: {said}");
    assert!(said.starts_with("stc_\n") && said.contains("\nok\n"), "{said}");
    let heard = texts(&bob, room);
    assert_eq!(heard[0], "Build 7 is **green**.");
    assert_eq!(heard.last().unwrap(), "**Deployed** [build 7](https://example.org/7)");

    let secret = said.split("\"secret\":\"").nth(1).unwrap().split('"').next().unwrap();
    let (_receiver, lines) = receives(&by_language["python"][0], port, secret);
    bob.posts(room, "told", "is anybody out there?").unwrap();
    assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), "bob says is anybody out there?");

    // What is not signed, or is too old, it refuses; and a repeat it knows.
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let body = r#"{"message":{"author":{"name":"mallory"},"text":"x"}}"#;
    let as_is = |signature| signature;
    assert_eq!(takes(port, &[7; 32], 1, body, as_is), 401);
    assert_eq!(takes(port, &key, 2, body, |signature| signature.replace("v1,", "v1a,")), 401);
    assert_eq!(takes(port, &key, 3, body, |_| String::new()), 401);
    assert_eq!(takes(port, &key, 301, body, as_is), 401);
    assert_eq!(takes(port, &key, 290, body, as_is), 204);
    assert_eq!(takes(port, &key, 290, body, as_is), 204);
    assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), "mallory says x");
    bob.posts(room, "after", "and now?").unwrap();
    assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), "bob says and now?", "a repeat is known");
}
