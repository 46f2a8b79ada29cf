//! The doors, which need no script, and the page of instant rooms: making an account, logging in, invitations, whatever stands in an
//! address, nicknames.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use e2e::{Browser, Server, Window};
use serde_json::{Value, json};
use testkit::cast::{Guest, send};
use thirtyfour::prelude::*;

use crate::{does, logged, notices, reports, strings, texts, watched};

/// What a form shows after the last text, and the next text on its way.
const FILLS: &str = "const text = NEXT; const wrong = sane();
    if (location.pathname === '/rooms/') return ['in', ...wrong];
    const error = $('#error')?.textContent;
    if (error !== undefined && !words(error)) wrong.push(`no words: ${short(error)}`);
    if (window.error === undefined && LAST !== null && $('#username').value !== LAST.toWellFormed()) {
        wrong.push(`${short(LAST)} stands in the field as ${short($('#username').value)}`);
    }
    for (const name of ['username', 'password', 'password_again', 'invitation', 'next']) {
        const field = $(`main input[name=${name}]`);
        if (field) field.value = name.startsWith('password') ? `two stones ${text}` : text;
    }
    setTimeout(() => HTMLFormElement.prototype.submit.call($('main form')));
    return ['on', ...wrong]";

/// Puts all texts through the form at this address, each as if it came from another address of the network.
async fn fills(window: &Window, url: &str) -> WebDriverResult<Vec<String>> {
    let mut wrong = Vec::new();
    let mut last = "null".to_owned();
    window.driver.cdp().send_raw("Network.enable", json!({})).await?;
    window.goes_to(url).await?;
    for (turn, text) in texts().iter().enumerate() {
        let from = json!({ "headers": { "x-forwarded-for": format!("10.1.{}.{}", turn / 200, turn % 200) } });
        window.driver.cdp().send_raw("Network.setExtraHTTPHeaders", from).await?;
        window.driver.execute("window.before = true", Vec::new()).await?;
        let mut told = does(window, &FILLS.replace("NEXT", text).replace("LAST", &last)).await?;
        if told.remove(0) == "in" {
            // Some of them are sound names: whoever has one is in.
            window.driver.delete_all_cookies().await?;
            window.goes_to(url).await?;
            told.extend(does(window, &FILLS.replace("NEXT", text).replace("LAST", "null")).await?.into_iter().skip(1));
        }
        wrong.extend(told.into_iter().map(|what| format!("{url}: {what}")));
        window.waits_until("!window.before && document.readyState === 'complete'").await?;
        last.clone_from(text);
    }
    Ok(wrong)
}

#[tokio::test]
async fn what_is_typed_at_the_doors_is_text_or_refused_in_words() -> WebDriverResult<()> {
    let server = logged(&["--trusted-proxies", "127.0.0.1/32"]);
    let browser = Browser::start();
    let window = watched(&browser, "mallory", 360, 740).await?;
    let mut wrong = Vec::new();
    for path in ["/invite/x", "/signup", "/login?next=x"] {
        wrong.extend(fills(&window, &format!("{}{path}", server.base)).await?);
    }
    assert_eq!(wrong, Vec::<String>::new());
    notices(&window, &server).await?;
    window.closes().await
}

#[tokio::test]
async fn a_nickname_and_what_it_says_in_an_instant_room_is_text() -> WebDriverResult<()> {
    let server = logged(&[]);
    let browser = Browser::start();
    let window = watched(&browser, "mallory", 360, 740).await?;
    let mut wrong = Vec::new();
    for text in texts() {
        window.goes_to("about:blank").await?;
        window.goes_to(&format!("{}/i/quarry", server.base)).await?;
        let comes_in = format!("return [...await meets({text}), ...sane()]");
        wrong.extend(does(&window, &comes_in).await?);
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(reports(&server), 0, "a browser reported a breach of the policy");
    window.closes().await
}

/// A text as a part of an address, cut where a server would not read on.
fn escaped(text: &str) -> String {
    text.bytes().take(1_000).fold(String::new(), |mut escaped, byte| {
        let _ = write!(escaped, "%{byte:02X}");
        escaped
    })
}

#[test]
fn what_stands_in_an_address_is_answered_quickly_and_never_given_back_as_markup() {
    let server = Server::start();
    let alice = Guest::signs_up(&server.base, "alice");
    let room = alice.joins("quarry");
    let bearer = format!("Bearer {}", alice.token);
    let paths = [
        "/",
        "/?group=TEXT&user=TEXT",
        "/?TEXT=TEXT",
        "/assets/",
        "/invite/",
        "/setup/",
        "/i/",
        "/login?next=",
        "/rooms/",
        &format!("/rooms/{room}/messages/"),
        "/api/v1/",
        "/api/v1/files/",
        "/api/v1/rooms?q=",
        "/api/v1/people?q=",
        "/api/v1/people/",
        &format!("/api/v1/rooms/{room}/messages?before="),
        &format!("/api/v1/rooms/{room}/messages/1/reactions/"),
    ];
    let (mut wrong, mut slowest) = (Vec::new(), Duration::ZERO);
    for text in strings::all() {
        let escaped = escaped(&text);
        for path in paths {
            let path = if path.contains("TEXT") { path.replace("TEXT", &escaped) } else { format!("{path}{escaped}") };
            let method = if path.contains("reactions") { "PUT" } else { "GET" };
            let began = Instant::now();
            let answer = send(method, &format!("{}{path}", server.base), &[("authorization", &bearer)], None);
            slowest = slowest.max(began.elapsed());
            let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            if answer.status >= 500 || html && text.contains('<') && answer.text.contains(&text) {
                wrong.push(format!("{} {path:.200}", answer.status));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(slowest < Duration::from_secs(2), "somebody waited for {slowest:?}");
}

#[test]
fn whatever_is_looked_for_is_answered_in_about_the_time_of_a_word() {
    let server = Server::start();
    let looks = |guest: &Guest, text: &str| {
        let began = Instant::now();
        let answer = guest.gets(&format!("search?q={}", escaped(text)));
        (answer.status, began.elapsed())
    };
    let texts = strings::all();
    // One person may look for forty things at once.
    let mut times = Vec::new();
    for (turn, some) in texts.chunks(30).enumerate() {
        let guest = Guest::signs_up(&server.base, &format!("person{turn}"));
        let room = guest.joins("quarry");
        for (n, text) in some.iter().enumerate() {
            drop(guest.posts(room, &format!("k{n}"), text));
        }
        let (status, word) = looks(&guest, "stones");
        assert_eq!(status, 200);
        for text in some {
            let (status, time) = looks(&guest, text);
            let told = if text.chars().count() > 256 { vec![422] } else { vec![200, 422] };
            assert!(told.contains(&status), "{status} for {text:.60}");
            times.push(time);
            assert!(time < word * 20 + Duration::from_millis(500), "{text:.60} takes {time:?}, a word {word:?}");
        }
        for long in
            ["x".repeat(10_240), "a ".repeat(5_120), "\"".repeat(10_240), "(".repeat(10_240), "-\"a\" ".repeat(2_048)]
        {
            let answer: Value =
                serde_json::from_str(&guest.gets(&format!("search?q={long}").replace([' ', '"'], "+")).text).unwrap();
            assert_eq!(answer["error"]["code"], "search_too_long");
        }
    }
    times.sort_unstable();
}
