//! Commands are read as they are documented.

use super::*;

fn read(arguments: &[&str]) -> anyhow::Result<Cli> {
    let arguments: Vec<OsString> = ["stonechat"].iter().chain(arguments).map(OsString::from).collect();
    let folder = tempfile::tempdir().unwrap();
    Cli::read(&arguments, &Environment::default(), folder.path())
}

#[test]
fn commands_are_read() {
    let alice = Username::parse("alice").unwrap();
    let create = |password_stdin| Some(Command::Admin(Admin::Create { username: alice.clone(), password_stdin }));
    let cases: [(&[&str], Option<Command>); 10] = [
        (&[], None),
        (&["serve"], Some(Command::Serve)),
        (&["--sign-up", "closed", "serve"], Some(Command::Serve)),
        (&["check"], Some(Command::Check)),
        (&["admin", "create", "alice"], create(false)),
        (&["admin", "create", "--password-stdin", "alice", "--database", "sqlite:x.db"], create(true)),
        (&["config", "example"], Some(Command::Config(Config::Example))),
        (&["doctor"], Some(Command::Doctor { prove_instant: false })),
        (&["doctor", "--prove-instant"], Some(Command::Doctor { prove_instant: true })),
        (&["config", "show"], Some(Command::Config(Config::Show))),
    ];
    for (arguments, command) in cases {
        assert_eq!(read(arguments).unwrap().command, command, "{arguments:?}");
    }
}

#[test]
fn a_flag_after_a_command_is_a_setting() {
    let cli = read(&["admin", "create", "alice", "--database", "sqlite:x.db"]).unwrap();
    assert_eq!(cli.settings.storage.database.to_string(), "sqlite:x.db");
}

#[test]
fn what_is_not_a_command_is_refused() {
    for arguments in [&["admin"][..], &["config"], &["admin", "create"], &["admin", "create", "a b"], &["dance"]] {
        assert!(read(arguments).unwrap_err().downcast_ref::<clap::Error>().is_some(), "{arguments:?}");
    }
}
