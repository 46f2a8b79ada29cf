//! Says how much processor time a running server spends on a message, in a kept room and in an instant one.
//!
//! `cargo run --release -p stonechat-e2e --example cost_of_a_message -- 127.0.0.1:8000 <pid>`, on a new database and with
//! `--posts-burst 1000000 --posts-per-second 1000000`. The load waits for every answer, so that it never runs away.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool of the measurements may fail loudly")]

use e2e::cpu_seconds;
use testkit::cast::{Guest, Visitor};
use tungstenite::Message;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [server, pid] = arguments.as_slice() else {
        println!("cost_of_a_message <address:port of the server> <its pid>");
        return;
    };
    let base = format!("http://{server}");
    for (what, say) in [("a kept room of 8", kept as fn(&str) -> u32), ("an instant room of 20", instant)] {
        let before = cpu_seconds(pid);
        let messages = say(&base);
        let spent = cpu_seconds(pid) - before;
        println!("{what}: {messages} messages, {:.1} us each", spent * 1e6 / f64::from(messages));
    }
}

/// Eight people post ten messages each, and all hear all: nineteen times on a socket, which may say 200 frames at once, and ten
/// times on new ones.
fn kept(base: &str) -> u32 {
    let guests: Vec<_> = (0..8).map(|n| Guest::signs_up(base, &format!("person{n}"))).collect();
    let rooms: Vec<_> = guests.iter().map(|guest| guest.joins("lobby")).collect();
    let room = rooms[0];
    for pass in 0..10 {
        let mut lines: Vec<_> = guests.iter().map(Guest::connects).collect();
        for line in &mut lines {
            line.subscribes(room, None).unwrap();
        }
        for round in 0..19 {
            for line in &mut lines {
                for n in 0..10 {
                    let key = format!("{pass}-{round}-{n}");
                    line.try_post(room, &key, "a sentence of the usual length, more or less").unwrap();
                }
            }
            for line in &mut lines {
                assert_eq!(line.hears_texts(80).len(), 80);
            }
        }
    }
    8 * 10 * 19 * 10
}

/// Twenty visitors say ten things each, and all hear all: ninety times, and ten times anew.
fn instant(base: &str) -> u32 {
    let said = Message::text(
        r#"{"message":"a sentence of the usual length, more or less","sender":"Anonymous","userid":"1"}"#,
    );
    for pass in 0..10 {
        let mut visitors: Vec<_> = (0..20).map(|_| Visitor::enters_plain(base, &format!("cost{pass}"))).collect();
        for _ in 0..90 {
            for visitor in &mut visitors {
                for _ in 0..10 {
                    visitor.sends(said.clone());
                }
            }
            for visitor in &mut visitors {
                for _ in 0..200 {
                    visitor.hears();
                }
            }
        }
    }
    20 * 10 * 90 * 10
}
