//! What is behind a link stands below the message, for all who read it, and nobody's browser asks the page for it.
#![expect(clippy::expect_used, reason = "a test may fail loudly")]

use std::{io::Cursor, net::TcpStream};

use e2e::{Browser, Server};
use image::{ImageFormat, Rgb, RgbImage};
use testkit::site::{self, Site};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";
/// The picture came, from this server, as it was made anew.
const LOADED: &str = "[...document.querySelectorAll('.preview img')].some(({ src, complete, naturalWidth }) =>
    complete && naturalWidth > 0 && new URL(src).origin === location.origin)";

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let paint = |x: u32, y: u32| Rgb([200, u8::try_from(x % 256).unwrap_or(0), u8::try_from(y % 256).unwrap_or(0)]);
    RgbImage::from_fn(width, height, paint).write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

fn answers(path: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    let html = "text/html; charset=utf-8";
    match path {
        "/stones" => site::page(
            stream,
            html,
            "<title>x</title><meta property=og:site_name content='The Heath'>
            <meta property=og:title content='How stonechats sound: two pebbles struck together'>
            <meta property=og:description content='A small bird of heath and coast, named after its call, which is heard all year round wherever there is gorse.'>
            <meta property=og:image content='/wide.png'>"
                .as_bytes(),
        ),
        "/small" => site::page(
            stream,
            html,
            "<title>שלום &lt;b>bold&lt;/b> &lt;img src=x onerror=alert(1)></title><meta name=description content='A page with a small picture.'>
            <meta property=og:image content='small.png'>"
                .as_bytes(),
        ),
        "/wide.png" => site::page(stream, "image/png", &png(1_200, 630)),
        "/small.png" => site::page(stream, "image/png", &png(120, 120)),
        _ => site::page(stream, "text/plain", b"nothing"),
    }
}

#[tokio::test]
async fn what_is_behind_a_link_is_shown_on_every_screen_and_changes_with_the_message() -> WebDriverResult<()> {
    let site = Site::start(answers);
    let server = Server::start_with(None, vec![format!("--outbound-own-hosts={}", site.address)]);
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("quarry").await?;
    }
    alice.says(&format!("Listen to this: {}", site.at("/stones"))).await?;
    for window in [&alice, &bob] {
        window.sees_text(".preview strong", "How stonechats sound: two pebbles struck together").await?;
        window.sees_text(".preview-site", "The Heath").await?;
        window.waits_until(LOADED).await?;
        assert!(window.holds("document.querySelector('.preview').rel.includes('noopener')").await?);
    }
    alice.pictures("preview-1280").await?;
    bob.pictures("preview-360").await?;

    // A strange page is text. While it is said, one of them is away.
    bob.driver.execute("window.dispatchEvent(new Event('offline'))", Vec::new()).await?;
    bob.goes_to("about:blank").await?;
    alice.says(&format!("and {}", site.at("/small"))).await?;
    let strange = "שלום <b>bold</b> <img src=x onerror=alert(1)>";
    alice.sees_text(".preview strong", strange).await?;
    bob.goes_to(&format!("{}/rooms/", server.base)).await?;
    bob.opens("quarry").await?;
    bob.sees_text(".preview strong", strange).await?;
    bob.waits_until(LOADED).await?;
    bob.pictures("preview-small-360").await?;
    alice.pictures("preview-small-1280").await?;

    // A reload shows the same; the page and its picture were asked for once, by the server.
    alice.driver.refresh().await?;
    alice.waits_until("document.querySelectorAll('.preview').length === 2").await?;
    let asked = site.asked();
    for path in ["GET /stones ", "GET /wide.png ", "GET /small ", "GET /small.png "] {
        let came: Vec<_> = asked.iter().filter(|head| head.starts_with(path)).collect();
        assert_eq!(came.len(), 1, "{path}: {asked:?}");
        assert!(came[0].contains("Stonechat/"), "{came:?}");
    }

    // What the message says no more is not shown.
    alice.sees("#composer textarea").await?.send_keys("" + Key::Up).await?;
    alice.waits_until("document.querySelector('#composer textarea').value.includes('/small')").await?;
    let field = alice.sees("#composer textarea").await?;
    field.clear().await?;
    field.send_keys("and nothing" + Key::Enter).await?;
    for window in [&alice, &bob] {
        window.hears("and nothing").await?;
        window.waits_until("document.querySelectorAll('.preview').length === 1").await?;
    }
    alice.closes().await?;
    bob.closes().await
}
