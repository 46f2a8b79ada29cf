//! Which layer wins, what is refused and in what words, and that the example file is what the doc comments say.

use std::{ffi::OsString, fs};

use tempfile::TempDir;

use super::{Environment, Settings, example, show};
use crate::cli::Cli;

/// A file, variables and flags, and what comes of them.
type Case = (Option<&'static str>, &'static [(&'static str, &'static str)], &'static [&'static str], &'static str);

fn folder(file: Option<&str>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        fs::write(folder.path().join("stonechat.toml"), text).unwrap();
    }
    folder
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
}

fn read(file: Option<&str>, variables: &[(&str, &str)], flags: &[&str]) -> anyhow::Result<Settings> {
    let arguments: Vec<OsString> = ["stonechat"].iter().chain(flags).map(OsString::from).collect();
    Cli::read(&arguments, &environment(variables), folder(file).path()).map(|cli| cli.settings)
}

fn problem(file: Option<&str>, variables: &[(&str, &str)], flags: &[&str]) -> String {
    format!("{:#}", read(file, variables, flags).expect_err("it was accepted"))
}

/// The line that `config show` has for a setting.
fn line(settings: &Settings, key: &str) -> String {
    let start = format!("{key} = ");
    show(settings).lines().find_map(|line| line.strip_prefix(&start).map(str::to_owned)).unwrap_or_default()
}

#[test]
fn without_anything_the_defaults_are_in_force() {
    let shown = show(&read(None, &[], &[]).unwrap());
    let expected = "\
listen = \"127.0.0.1:8000\"
database = \"sqlite:data/stonechat.db\"
server_name = \"Stonechat\"
sign_up = \"open\"
posts.burst = 20
posts.per_second = 2
files.enabled = true
files.folder = \"data/files\"
files.max_mb = 25
files.quota_mb = 1024
files.s3_region = \"us-east-1\"
instant.enabled = true
instant.allow_swap = false
push.enabled = true
push.services = \"fcm.googleapis.com,push.services.mozilla.com,notify.windows.com,push.apple.com\"
previews.enabled = true
bots.enabled = true
log.format = \"text\"
log.level = \"info\"
";
    assert_eq!(shown, expected);
}

#[test]
fn flags_go_over_the_environment_and_that_over_the_file() {
    let file = Some("listen = '1.1.1.1:1'\n[log]\nformat = 'json'\n");
    let variable = &[("STONECHAT_LISTEN", "2.2.2.2:2")];
    let cases: [Case; 9] = [
        (None, &[], &[], "127.0.0.1:8000"),
        (file, &[], &[], "1.1.1.1:1"),
        (file, variable, &[], "2.2.2.2:2"),
        (file, variable, &["--listen", "3.3.3.3:3"], "3.3.3.3:3"),
        (file, variable, &["serve", "--listen", "3.3.3.3:3"], "3.3.3.3:3"),
        (None, &[("STONECHAT_LISTEN", "")], &[], "127.0.0.1:8000"),
        (None, &[("PORT", "5000")], &[], "0.0.0.0:5000"),
        (file, &[("PORT", "5000")], &[], "1.1.1.1:1"),
        (None, &[("PORT", "5000"), ("STONECHAT_LISTEN", "2.2.2.2:2")], &[], "2.2.2.2:2"),
    ];
    for (file, variables, flags, listen) in cases {
        let settings = read(file, variables, flags).unwrap();
        assert_eq!(settings.door.listen.to_string(), listen, "{variables:?} {flags:?}");
    }
    assert_eq!(line(&read(file, &[], &[]).unwrap(), "log.format"), "\"json\"");
    assert_eq!(
        line(&read(Some("log.format = 'json'"), &[], &["--log-format=text"]).unwrap(), "log.format"),
        "\"text\""
    );
}

#[test]
fn each_setting_can_be_given_in_each_way() {
    let cases = [
        ("public_url", "https://chat.example.org"),
        ("trusted_proxies", "10.0.0.0/8,::1/128"),
        ("database", "sqlite:/srv/chat.db"),
        ("redis", "rediss://cache:6380/1"),
        ("server_name", "The Nest"),
        ("sign_up", "invitation"),
        ("posts.burst", "7"),
        ("instant.enabled", "false"),
        ("instant.allow_swap", "true"),
        ("push.enabled", "false"),
        ("push.services", "push.example.org,*"),
        ("push.contact", "mailto:me@example.org"),
        ("previews.enabled", "false"),
        ("bots.enabled", "false"),
        ("outbound.own_hosts", "push.internal:8080,10.0.0.9"),
        ("log.level", "debug"),
    ];
    for (key, text) in cases {
        let shown = super::example::quoted(text);
        let variable = super::environment::variable(key);
        let flag = format!("--{}={text}", key.replace(['_', '.'], "-"));
        assert_eq!(line(&read(Some(&format!("{key} = '{text}'")), &[], &[]).unwrap(), key), shown);
        assert_eq!(line(&read(None, &[(&variable, text)], &[]).unwrap(), key), shown);
        assert_eq!(line(&read(None, &[], &[&flag]).unwrap(), key), shown);
    }
    let list = read(Some("trusted_proxies = ['10.0.0.0/8', '::1']"), &[], &[]).unwrap();
    assert_eq!(line(&list, "trusted_proxies"), "\"10.0.0.0/8,::1/128\"");
    assert_eq!(line(&read(Some("trusted_proxies = []"), &[], &[]).unwrap(), "trusted_proxies"), "");
}

#[test]
fn what_hosts_set_is_understood_and_ours_wins() {
    let theirs = [("DATABASE_URL", "postgres://theirs/db"), ("REDIS_URL", "redis://theirs")];
    let settings = read(Some("database = 'sqlite:x.db'"), &theirs, &[]).unwrap();
    assert_eq!(line(&settings, "database"), "\"postgres://theirs/db\"");
    assert_eq!(line(&settings, "redis"), "\"redis://theirs\"");
    let settings = read(None, &[theirs[0], ("STONECHAT_DATABASE", "postgres://ours/db")], &[]).unwrap();
    assert_eq!(line(&settings, "database"), "\"postgres://ours/db\"");
}

#[test]
fn a_refusal_names_the_place_and_what_to_do() {
    let cases: [Case; 13] = [
        (
            Some("\n\nlisten = 'here'"),
            &[],
            &[],
            "stonechat.toml, line 3: `listen` cannot be `here`: write an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000.",
        ),
        (Some("listn = 'x'"), &[], &[], "stonechat.toml, line 1: there is no setting `listn`. Did you mean `listen`?"),
        (
            Some("[log]\nlevle = 'x'"),
            &[],
            &[],
            "stonechat.toml, line 2: there is no setting `log.levle`. Did you mean `log.level`?",
        ),
        (
            Some("[smtp]\nhost = 'x'"),
            &[],
            &[],
            "line 1: there is no setting `smtp`. `stonechat config example` lists them all.",
        ),
        (Some("log = 'json'"), &[], &[], "line 1: there is no setting `log`."),
        (Some("listen = 'x\n"), &[], &[], "stonechat.toml, line 1 is not TOML:"),
        (Some("server_name = true"), &[], &[], "line 1: `server_name` is a text in quotes, or a list of texts."),
        (Some("server_name = ''"), &[], &[], "line 1: `server_name` is empty. Leave it out to have the default."),
        (
            None,
            &[("STONECHAT_SIGNUP", "open")],
            &[],
            "There is no setting for the variable STONECHAT_SIGNUP. Did you mean `STONECHAT_SIGN_UP`?",
        ),
        (
            None,
            &[("STONECHAT_SIGN_UP", "all")],
            &[],
            "the variable STONECHAT_SIGN_UP: `sign_up` cannot be `all`: write open,",
        ),
        (None, &[("PORT", "http")], &[], "the variable PORT: `listen` cannot be `0.0.0.0:http`:"),
        (None, &[], &["--lisen", "x"], "a similar argument exists: '--listen'"),
        (None, &[], &["--config", "none.toml"], "The file none.toml cannot be read. Is its path right?"),
    ];
    for (file, variables, flags, words) in cases {
        let problem = problem(file, variables, flags);
        assert!(problem.contains(words), "{problem}\nlacks\n{words}");
    }
}

#[test]
fn a_wrong_value_is_refused_even_when_a_flag_covers_it() {
    assert!(problem(Some("listen = 'here'"), &[], &["--listen", "127.0.0.1:1"]).contains("line 1"));
}

#[test]
fn passwords_are_shown_nowhere() {
    let database =
        [("STONECHAT_DATABASE", "postgres://stone:s3cret@db/chat"), ("STONECHAT_REDIS", "redis://:s3cret@cache")];
    let shown = show(&read(None, &database, &[]).unwrap());
    assert!(shown.contains("postgres://…@db/chat") && !shown.contains("s3cret"), "{shown}");
    assert!(!format!("{:?}", read(None, &database, &[]).unwrap()).contains("s3cret"));
    let problem = problem(None, &[("DATABASE_URL", "mysql://stone:s3cret@db/chat")], &[]);
    assert!(!problem.contains("s3cret"), "{problem}");
}

#[test]
fn variables_of_the_build_and_of_tests_are_no_settings() {
    assert!(
        read(None, &[("STONECHAT_BUILD_CLIENT", "x"), ("STONECHAT_TEST_BINARY", "x"), ("STONECHAT_TOKEN", "x")], &[])
            .is_ok()
    );
}

#[test]
fn a_switch_is_bare_or_in_quotes() {
    for text in ["instant.enabled = false", "instant.enabled = 'false'", "[instant]\nenabled = false"] {
        assert_eq!(line(&read(Some(text), &[], &[]).unwrap(), "instant.enabled"), "false", "{text}");
    }
    assert!(problem(Some("instant.enabled = 'off'"), &[], &[]).contains("write true or false"));
}

#[test]
fn a_file_can_be_named() {
    let folder = folder(Some("listen = '1.1.1.1:1'"));
    fs::write(folder.path().join("other.toml"), "listen = '2.2.2.2:2'").unwrap();
    for flags in [["--config", "other.toml", "serve"], ["serve", "--config", "other.toml"]] {
        let arguments: Vec<OsString> = ["stonechat"].iter().chain(&flags).map(OsString::from).collect();
        let cli = Cli::read(&arguments, &environment(&[]), folder.path()).unwrap();
        assert_eq!(cli.settings.door.listen.to_string(), "2.2.2.2:2");
    }
}

#[test]
fn the_example_file_is_what_the_doc_comments_say() {
    let kept = include_str!("../../../../stonechat.example.toml");
    assert_eq!(kept, example(), "run `cargo run -p stonechat -- config example > stonechat.example.toml`");
}

#[test]
fn the_example_file_is_a_file_of_settings() {
    let text: Vec<_> = example()
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned())
        .collect();
    let settings = read(Some(&text.join("\n")), &[], &[]).unwrap();
    for setting in super::given::known() {
        let key = setting.get_id().as_str();
        assert!(!line(&settings, key).is_empty(), "{key} is missing in the example, or in `config show`");
    }
}
