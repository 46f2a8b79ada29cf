//! What a page says of itself stands below a message that leads there, whatever the page is.

use std::{
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    io::Write as _,
    net::TcpStream,
    time::Instant,
};

use crate::house::{Running, Wish};
use model::RoomId;
use protocol::http::Preview;
use testkit::{
    cast::{Answer, Guest},
    site::{self, Site},
};

const GOOD: &[u8] = b"<!doctype html><title>plain</title><meta property=og:title content='Stones &amp; birds'>\
    <meta property=og:site_name content=Heath><meta name=description content='What they eat.'>";

/// Says something, and asks what is behind a link of it.
fn asks(guest: &Guest, room: RoomId, text: &str, link: &str) -> Answer {
    let key = format!("{:x}", BuildHasherDefault::<DefaultHasher>::default().hash_one(text));
    let seq = guest.posts(room, &key, text).unwrap().seq;
    guest.gets(&address(room, seq, link))
}

fn address(room: RoomId, seq: model::Seq, link: &str) -> String {
    format!("rooms/{room}/messages/{seq}/preview?link={}", link.replace('&', "%26").replace('#', "%23"))
}

fn house(site: &Site) -> Running {
    Running::with(Wish { own_hosts: vec![site.address.to_string()], posts_burst: 100, ..Wish::default() })
}

fn answers(path: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    let sends_on = |stream: &mut TcpStream, to: &str| {
        write!(stream, "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    };
    let html = "text/html; charset=utf-8";
    match path {
        "/good" | "/good?a=1" => site::page(stream, html, GOOD),
        "/moved" => sends_on(stream, "/moved/2"),
        "/moved/2" => sends_on(stream, "/good"),
        "/round" => sends_on(stream, "/round"),
        "/inward" => sends_on(stream, "http://127.0.0.1:9/secret"),
        "/metadata" => sends_on(stream, "https://169.254.169.254/latest/"),
        "/packed" => stream.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nbomb",
        ),
        "/text" => site::page(stream, "text/plain", b"<title>no</title>"),
        "/no-page" => site::page(stream, html, b"\0\xFF<<<"),
        "/script" => site::page(stream, html, b"<title>&lt;script>alert(1)&lt;/script>\x07</title>"),
        "/long" => site::page(stream, html, format!("<title>{}</title>", "long ".repeat(40_000)).as_bytes()),
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>endless</title>")?;
            loop {
                stream.write_all(&[b'.'; 4_096])?;
            }
        }
        // It is dropped as soon as the server has lost patience, which reading notices.
        "/silent" => std::io::copy(stream, &mut std::io::sink()).map(drop),
        _ => stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
    }
}

#[test]
fn what_a_page_says_of_itself_is_told_to_who_may_read_the_message_and_looked_for_once() {
    let site = Site::start(answers);
    let house = house(&site);
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let carol = Guest::signs_up(&house.base, "carol");
    let room = alice.opens_direct(&[&bob]).id;
    let link = site.at("/good");
    let seq = alice.posts(room, "one", &format!("look: {link} and {}", site.at("/other"))).unwrap().seq;
    let found: Preview = alice.gets(&address(room, seq, &link)).value();
    assert_eq!([found.title.as_deref(), found.text.as_deref()], [Some("Stones & birds"), Some("What they eat.")]);
    assert_eq!((found.site.as_str(), found.picture), ("Heath", None));
    let again = bob.fetches_with(&address(room, seq, &link), &[]);
    assert_eq!(again.header("cache-control"), Some("private, max-age=600"));
    assert_eq!(again.answer().value::<Preview>(), found);
    let asked = site.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(
        asked[0].to_ascii_lowercase().contains("user-agent: stonechat/")
            && !asked[0].to_ascii_lowercase().contains("cookie")
    );

    // Who may not read the message learns nothing, and nobody has the server look for what is not there.
    assert_eq!(carol.gets(&address(room, seq, &link)).status, 404);
    for other in [site.at("/other"), site.at("/good?a=1"), String::new()] {
        assert_eq!(alice.gets(&address(room, seq, &other)).status, 404, "{other}");
    }
    assert_eq!(alice.asks("GET", &format!("rooms/{room}/messages/{seq}/preview"), None).status, 400);
    assert_eq!(site.asked().len(), 1);

    // After an hour it is looked for anew.
    house.pass_ms(60 * 60 * 1_000);
    assert_eq!(alice.gets(&address(room, seq, &link)).status, 200);
    assert_eq!(site.asked().len(), 2);
    // What the message does not say any more is not shown.
    assert_eq!(alice.asks("DELETE", &format!("rooms/{room}/messages/{seq}"), None).status, 204);
    assert_eq!(alice.gets(&address(room, seq, &link)).status, 404);
}

#[test]
fn hidden_and_quoted_code_links_are_not_looked_behind() {
    let site = Site::start(answers);
    let house = house(&site);
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let link = site.at("/good");
    for text in [format!("||{link}||"), format!("`{link}`"), format!("```\n{link}\n```")] {
        assert_eq!(asks(&alice, room, &text, &link).status, 404, "{text}");
    }
    assert_eq!(asks(&alice, room, &format!("[stones]({link})"), &link).status, 200);
}

#[test]
fn pages_that_lead_inward_never_end_or_lie_have_no_preview_and_cost_little() {
    let site = Site::start(answers);
    let house = house(&site);
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let told = |path: &str| {
        let link = site.at(path);
        let begun = Instant::now();
        let answer = asks(&alice, room, &link, &link);
        assert!(begun.elapsed().as_secs() < 8, "{path} took {:?}", begun.elapsed());
        (answer.status == 200).then(|| answer.value::<Preview>())
    };
    assert_eq!(told("/moved").unwrap().site, "Heath");
    for path in ["/round", "/inward", "/metadata", "/packed", "/text", "/no-page", "/nothing", "/silent"] {
        assert_eq!(told(path), None, "{path}");
    }
    assert_eq!(told("/endless").unwrap().title.as_deref(), Some("endless"));
    assert_eq!(told("/long").unwrap().title.unwrap().chars().count(), 120);
    assert_eq!(told("/script").unwrap().title.as_deref(), Some("<script>alert(1)</script>"));
    // Of what is not the operator's own, only what is out in the world is asked.
    let before = site.asked().len();
    for link in ["http://127.0.0.1:9/", "http://localhost/", "https://10.0.0.1/", "https://2130706433/"] {
        assert_eq!(asks(&alice, room, link, link).status, 204, "{link}");
    }
    assert_eq!(site.asked().len(), before);
}

#[test]
fn where_it_is_off_nobody_is_asked() {
    let site = Site::start(answers);
    let house = Running::with(Wish::default());
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let link = site.at("/good");
    assert_eq!(asks(&alice, room, &link, &link).status, 204);
    assert!(site.asked().is_empty());
}
