//! The first start and the next one: what the operator sees, and how soon.

use std::{fs, process::Command, time::Duration};

use e2e::Server;
use testkit::cast::{Guest, send};

#[test]
fn a_server_opens_at_once_and_answers() {
    let server = Server::start();
    assert!(server.greeting.as_ref().is_some_and(|line| line.contains(&server.base)), "{:?}", server.greeting);
    assert!(server.folder().join("data/stonechat.db").is_file());
    let server = server.stopped();
    let names = fs::read_dir(server.folder().join("data")).unwrap().map(|file| file.unwrap().file_name());
    let mut left: Vec<_> = names.collect();
    left.sort();
    assert_eq!(left, ["files", "stonechat.db"], "a polite stop leaves one whole database");
    let server = server.restarted();
    // The figure of the release build is in docs/measurements.md; this one has the slowness of a debug build, and catches
    // a start that waits for something.
    assert!(server.opened_in < Duration::from_secs(2), "{:?}", server.opened_in);
    assert_eq!(send("GET", &format!("{}/healthz", server.base), &[], None).status, 200);
    assert_eq!(send("GET", &format!("{}/readyz", server.base), &[], None).status, 200);
}

#[test]
fn an_administrator_is_made_at_the_terminal() {
    let server = Server::start();
    let folder = server.folder().to_owned();
    let database = format!("sqlite:{}", folder.join("data/stonechat.db").display());
    let create = |password: &str| {
        let file = folder.join("password");
        fs::write(&file, format!("{password}\n")).unwrap();
        let command = ["admin", "create", "root-of-it-all", "--password-stdin", "--database", &database];
        let input = fs::File::open(&file).unwrap();
        Command::new(e2e::program()).args(command).current_dir(&folder).stdin(input).output().unwrap()
    };
    let refused = create("short");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("at least 8 characters"));
    let made = create(testkit::cast::PASSWORD);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let admin = Guest::logs_in(&server.base, "root-of-it-all");
    let me: protocol::http::WhoAmI = admin.gets("session").value();
    assert!(me.you.admin);
}

#[test]
fn a_wrong_key_in_the_settings_names_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stonechat.toml"), "sing_up = \"closed\"\n").unwrap();
    let output = Command::new(e2e::program()).current_dir(folder.path()).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(words.contains("sing_up") && words.contains("sign_up"), "{words}");
}
