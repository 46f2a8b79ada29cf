//! Says how much processor time a running server spends on 500 people's lines that are polled once a second, while one of them says
//! something now and then (R29).
//!
//! `cargo run --release -p stonechat-e2e --example cost_of_polling -- 127.0.0.1:8000 <pid>`, on a new database, from an address whose
//! sign-ups are not slowed down: `--trusted-proxies 127.0.0.1/32`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool of the measurements may fail loudly")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use e2e::cpu_seconds;
use protocol::{
    encode,
    http::{LineOpened, Polled, SignedIn},
};
use testkit::cast::{Guest, JSON, PASSWORD, send};

/// Lines, and those that go over one connection.
const LINES: usize = 500;
const TOGETHER: usize = 10;
/// Lines of one person.
const EACH: usize = 10;
/// Rounds of polls that are counted, one a second.
const ROUNDS: u32 = 30;
/// One person says something every so many rounds.
const SAYS_EVERY: u32 = 30;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [server, pid] = arguments.as_slice() else {
        println!("cost_of_polling <address:port of the server> <its pid>");
        return;
    };
    let base = format!("http://{server}");
    let tokens: Vec<String> = (0..LINES / EACH).map(|n| token(&base, n)).collect();
    let pollers: Vec<_> = (0..LINES / TOGETHER)
        .map(|n| {
            let (server, base, token) = (server.clone(), base.clone(), tokens[n * TOGETHER / EACH].clone());
            thread::spawn(move || poll(&server, &base, &token))
        })
        .collect();
    let talker = Guest::logs_in(&base, "poller0");
    let room = talker.joins("general");
    // The first rounds bring what every line begins with.
    thread::park_timeout(Duration::from_secs(3));
    let before = cpu_seconds(pid);
    let begun = Instant::now();
    for round in 0..ROUNDS / SAYS_EVERY {
        talker.posts(room, &format!("k{round}"), "a sentence of the usual length, more or less").unwrap();
        thread::park_timeout(Duration::from_secs(u64::from(SAYS_EVERY)));
    }
    let share = (cpu_seconds(pid) - before) / begun.elapsed().as_secs_f64();
    let (mut nothing, mut something) = (0_u32, 0_u32);
    for poller in pollers {
        let (quiet, full) = poller.join().unwrap();
        nothing += quiet;
        something += full;
    }
    let quiet = f64::from(nothing) / f64::from(nothing + something);
    println!(
        "{LINES} lines polled once a second: {:.1} % of one core; {:.1} % of the answers were 304",
        share * 100.0,
        quiet * 100.0
    );
}

/// Somebody who comes from an address of their own.
fn token(base: &str, n: usize) -> String {
    let body = format!(r#"{{"username":"poller{n}","password":"{PASSWORD}"}}"#);
    let from = format!("10.1.{}.{}", n / 250, n % 250 + 1);
    let signed_in: SignedIn =
        send("POST", &format!("{base}/api/v1/accounts"), &[JSON, ("x-forwarded-for", &from)], Some(&body)).value();
    signed_in.token
}

/// Polls some lines over one connection, once a second; gives how many answers brought nothing, and how many something.
fn poll(server: &str, base: &str, token: &str) -> (u32, u32) {
    let bearer = format!("Bearer {token}");
    let open = |_| -> (String, u64) {
        let url = format!("{base}/api/v1/events");
        let opened: LineOpened = send("POST", &url, &[JSON, ("authorization", &bearer)], Some("")).value();
        let room = format!("{url}/{}", opened.line);
        let subscribe = encode(&protocol::FromClient::Subscribe { room: model::RoomId::new(1), since: None });
        assert_eq!(send("POST", &room, &[JSON, ("authorization", &bearer)], Some(&subscribe)).status, 202);
        (opened.line, 0)
    };
    let mut lines: Vec<_> = (0..TOGETHER).map(open).collect();
    let mut stream = TcpStream::connect(server).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let (mut nothing, mut something) = (0, 0);
    let begun = Instant::now();
    for round in 0..ROUNDS + 6 {
        for (line, last) in &mut lines {
            let ask = format!(
                "GET /api/v1/events/{line} HTTP/1.1\r\nhost: {server}\r\nauthorization: {bearer}\r\nif-none-match: \"{last}\"\r\n\r\n"
            );
            stream.write_all(ask.as_bytes()).unwrap();
            let body = read(&mut answers);
            if body.is_empty() {
                nothing += u32::from(round > 3);
            } else {
                something += u32::from(round > 3);
                *last = protocol::decode::<Polled>(&body).unwrap().last;
            }
        }
        thread::park_timeout(
            (begun + Duration::from_secs(u64::from(round) + 1)).saturating_duration_since(Instant::now()),
        );
    }
    (nothing, something)
}

/// The body of an answer; one that has not changed has none.
fn read(answers: &mut BufReader<TcpStream>) -> String {
    let mut length = 0;
    loop {
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}
