//! Everything that the API's document allows is answered as it says, and whatever it does not is refused, by whoever asks, signed in
//! or not: Schemathesis asks.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use e2e::Server;
use testkit::cast::Guest;

/// The variable that names Schemathesis' program.
const PROGRAM: &str = "STONECHAT_TEST_SCHEMATHESIS";
/// How long it asks in all, half of that signed in, in seconds; this variable says otherwise.
const SECONDS: &str = "STONECHAT_TEST_CONFORMANCE_SECONDS";
/// What chance begins with: the same each time, unless this variable says otherwise.
const SEED: &str = "STONECHAT_TEST_SEED";
/// So many people ask, each at the pace of one.
const PEOPLE: usize = 28;
/// The operation that would log them out.
const LOG_OUT: &str = "accounts.log_out";

/// Asks for so long. Its report, if it found anything.
fn asks(server: &Server, tokens: Option<&Path>, seconds: u64) -> Option<String> {
    let program = env::var_os(PROGRAM).unwrap_or_else(|| "schemathesis".into());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut asking = Command::new(program);
    asking.arg("--config-file").arg(folder.join("schemathesis.toml"));
    asking.args([
        "run",
        &format!("{}/api/v1/openapi.json", server.base),
        "--workers=1",
        "--phases=examples,coverage,fuzzing,stateful",
        "--max-failures=20",
        "--generation-database=none",
        "--no-color",
        &format!("--max-time={seconds}"),
        &format!("--seed={}", env::var(SEED).unwrap_or_else(|_| "1".to_owned())),
    ]);
    asking.env("SCHEMATHESIS_HOOKS", folder.join("hooks.py"));
    if let Some(tokens) = tokens {
        asking.env("STONECHAT_TEST_TOKENS", tokens);
        asking.args(["--exclude-operation-id", LOG_OUT]);
    }
    let found = asking.current_dir(server.folder()).stdin(Stdio::null()).output();
    let found =
        found.unwrap_or_else(|why| panic!("{PROGRAM} names no program (`cargo xtask test` installs it): {why}"));
    let well = found.status.success();
    let report = String::from_utf8_lossy(&[found.stdout, found.stderr].concat()).into_owned();
    assert!(report.contains("generated"), "it asked nothing: {report}");
    (!well).then_some(report)
}

#[test]
fn the_api_is_as_its_document_says_signed_in_or_not() {
    let seconds = env::var(SECONDS).map_or(60, |seconds| seconds.parse().unwrap());
    let server = Server::start();
    let people: Vec<_> = (0..PEOPLE).map(|n| Guest::signs_up(&server.base, &format!("asker{n}"))).collect();
    let tokens = server.folder().join("tokens");
    fs::write(&tokens, people.iter().map(|guest| format!("{}\n", guest.token)).collect::<String>()).unwrap();
    for guest in &people {
        let room = guest.joins("quarry");
        guest.posts(room, "first", "something to ask about").unwrap();
    }
    let reports = [asks(&server, Some(&tokens), seconds / 2), asks(&server, None, seconds / 2)];
    assert_eq!(reports.into_iter().flatten().collect::<String>(), "");
    // It still does what it is there for.
    let room = people[0].joins("quarry");
    people[0].posts(room, "last", "and after all that").unwrap();
}
