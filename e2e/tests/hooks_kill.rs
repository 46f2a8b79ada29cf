//! Outgoing hooks of a server that is killed: what was said is told all the same, in its order, and whoever is told twice knows it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::sync_channel,
    },
    time::Duration,
};

use e2e::Server;
use model::limits::HOOK_LEASE_MS;
use protocol::http::HookMade;
use serde_json::{Value, json};
use testkit::{
    cast::Guest,
    site::{Site, page},
    wait::wait_until,
};

const BEFORE: usize = 40;
const AFTER: usize = 5;
/// The one that is under way when the server is killed.
const HELD: usize = 11;
/// A turn that was cut is another's when its lease has ended.
const PATIENCE: Duration = Duration::from_millis(HOOK_LEASE_MS.unsigned_abs() + 10_000);

/// The names of what was told, in the order in which it came.
fn told(site: &Site) -> Vec<String> {
    let heads = site.asked();
    let names = heads.iter().map(|head| head.lines().find_map(|line| line.strip_prefix("webhook-id: ")).unwrap());
    names.map(str::to_owned).collect()
}

#[test]
fn a_killed_server_tells_everything_in_order() {
    let mut server = Server::start_with(None, ["--outbound-own-hosts", "127.0.0.1"].map(str::to_owned).to_vec());
    let (release, held) = sync_channel::<()>(0);
    let (held, count) = (Mutex::new(held), AtomicUsize::new(0));
    // The answer to one of them waits until the server is dead.
    let site = Site::start(move |_, stream| {
        if count.fetch_add(1, Ordering::SeqCst) + 1 == HELD {
            let _ = held.lock().unwrap().recv();
        }
        page(stream, "text/plain", b"thanks")
    });
    let alice = Guest::signs_up(&server.base, "alice");
    let room = alice.joins("general");
    let bot: Value = alice.sends("POST", "bots", &json!({ "username": "rook" })).value();
    alice.sends("POST", &format!("rooms/{room}/members"), &json!({ "username": "rook" }));
    let wish = json!({ "kind": "outgoing", "room": room, "url": site.at("/told") });
    let hook: HookMade = alice.sends("POST", &format!("bots/{}/hooks", bot["id"]), &wish).value();
    let says = |n: usize| alice.posts(room, &format!("k{n}"), &format!("stone {n}")).unwrap().seq;
    let mut said: Vec<_> = (0..BEFORE).map(says).collect();
    wait_until("the first of them", PATIENCE, || (told(&site).len() == HELD).then_some(()));
    server.kill();
    drop(release);
    let _server = server.restarted();
    said.extend((BEFORE..BEFORE + AFTER).map(says));
    let wanted: Vec<_> = said.iter().map(|seq| format!("msg_{}_{seq}", hook.id)).collect();
    wait_until("the last of them", PATIENCE, || told(&site).contains(wanted.last().unwrap()).then_some(()));
    let mut names = told(&site);
    let all = names.len();
    names.dedup();
    assert_eq!(names, wanted, "in order, and a repeat comes right after the first");
    assert_eq!(all, wanted.len() + 1, "the one under way comes twice");
}
