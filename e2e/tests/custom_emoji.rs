//! Custom emoji: made small and kept by the server, and seen by everybody: in words, as a reaction, live, after a reload, after a time
//! without a line, and as their names once they are removed.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{fs, io::Cursor, time::Duration};

use e2e::{Browser, Cable, Server, Window};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use protocol::{Amendment, Code, http::CustomEmojis};
use testkit::{
    cast::{Guest, PASSWORD},
    wait::wait_until,
};
use thirtyfour::prelude::*;

const SWEPT_WITHIN: Duration = Duration::from_secs(20);
const COMPOSER: &str = "#composer textarea";

/// A disc on nothing, wider than high.
fn disc(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) / f64::from(width) - 0.5, f64::from(y) / f64::from(height) - 0.5);
        if x.hypot(y) < 0.45 { Rgba([shade, 90, 40, 255]) } else { Rgba([0, 0, 0, 0]) }
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(picture).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

fn listed(guest: &Guest) -> Vec<(String, String)> {
    let list: CustomEmojis = guest.gets("emoji").value();
    list.emoji.into_iter().map(|emoji| (emoji.name.as_str().to_owned(), emoji.picture)).collect()
}

#[test]
fn an_emoji_is_made_small_cached_for_ever_and_swept_when_nothing_needs_it() {
    let server = Server::start();
    server.makes_administrator("alice", PASSWORD);
    let alice = Guest::logs_in(&server.base, "alice");
    let bob = Guest::signs_up(&server.base, "bob");
    let blobs = || count(&server.folder().join("data/files/blobs"));

    assert_eq!(alice.tries("PUT", "emoji/stone", &[], b"<svg>"), Some(422), "no picture");
    assert_eq!(alice.tries("PUT", "emoji/smile", &[], &disc(64, 64, 1)), Some(409), "there is one in the table");
    let picture = disc(600, 300, 200);
    assert_eq!(alice.tries("PUT", "emoji/stone", &[], &picture), Some(204));
    assert_eq!(alice.tries("PUT", "emoji/stone", &[], &picture), Some(204), "the answer was lost");
    assert_eq!(alice.tries("PUT", "emoji/stone", &[], &disc(64, 64, 9)), Some(409), "another picture");

    let all = listed(&bob);
    assert_eq!(all.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["stone"]);
    let path = all[0].1.strip_prefix("/api/v1/").unwrap();
    let fetched = bob.fetches_with(path, &[]);
    let shown = image::load_from_memory(&fetched.bytes).unwrap();
    assert_eq!((shown.width(), shown.height()), (128, 64), "the whole of it");
    assert_eq!(shown.to_rgba8().get_pixel(0, 0).0[3], 0, "what one sees through stays so");
    for (header, value) in [
        ("content-type", "image/png"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(fetched.header(header), Some(value), "{header}");
    }
    let unsure = bob.fetches_with("emoji/stone/picture?v=other", &[]);
    assert_eq!((unsure.status, unsure.header("cache-control")), (200, Some("private, no-cache")));
    let known = bob.fetches_with(path, &[("if-none-match", fetched.header("etag").unwrap())]);
    assert_eq!(known.status, 304);

    // The same picture under two names is kept once, and as long as one of them has it.
    assert_eq!(alice.tries("PUT", "emoji/flint", &[], &picture), Some(204));
    wait_until("what was refused is gone", SWEPT_WITHIN, || (blobs() == 1).then_some(()));
    assert_eq!(alice.asks("DELETE", "emoji/stone", None).status, 204);
    assert_eq!(bob.fetches_with(path, &[]).status, 404);
    assert_eq!(bob.fetches_with("emoji/flint/picture", &[]).status, 200);
    assert_eq!(blobs(), 1);
    assert_eq!(alice.asks("DELETE", "emoji/flint", None).status, 204);
    wait_until("nothing needs it", SWEPT_WITHIN, || (blobs() == 0).then_some(()));
}

#[test]
fn a_reaction_outlives_its_emoji_and_can_be_taken_back() {
    let server = Server::start();
    server.makes_administrator("alice", PASSWORD);
    let alice = Guest::logs_in(&server.base, "alice");
    let bob = Guest::signs_up(&server.base, "bob");
    let room = bob.joins("stones");
    let message = bob.posts(room, "k1", "look :stone:").unwrap().seq;
    let reacts = |on: bool| {
        let mut line = bob.connects();
        line.amends(room, message, Amendment::React { emoji: ":stone:".into(), on })
    };
    assert_eq!(reacts(true), Err(Code::EmojiInvalid));
    assert_eq!(alice.tries("PUT", "emoji/stone", &[], &disc(64, 64, 200)), Some(204));
    assert!(reacts(true).is_ok());
    assert_eq!(alice.asks("DELETE", "emoji/stone", None).status, 204);
    let stands = || bob.reads(room).messages.last().unwrap().reactions.len();
    assert_eq!(stands(), 1);
    assert!(reacts(true).is_ok(), "it stands already");
    assert!(reacts(false).is_ok());
    assert_eq!(stands(), 0);
    assert_eq!(reacts(true), Err(Code::EmojiInvalid));
}

#[tokio::test]
async fn what_an_administrator_adds_everybody_writes_and_sees() -> WebDriverResult<()> {
    let server = Server::start();
    server.makes_administrator("alice", PASSWORD);
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 768, 900).await?;
    let cable = Cable::to(&server.base);
    alice.logs_in(&server.base, "alice", PASSWORD).await?;
    bob.signs_up(&cable.base, "bob", PASSWORD).await?;
    for window in [&alice, &bob] {
        window.joins("stones").await?;
    }
    bob.waits_until("!!document.getElementById('account-menu')").await?;
    assert!(bob.holds("!document.getElementById('keep-emoji')").await?, "he administers nothing");

    adds(&alice, "party_stone").await?;
    bob.driver.execute("window.notReloaded = true", Vec::new()).await?;
    writes(&bob, &alice).await?;
    reacts(&bob, &alice).await?;
    assert!(bob.holds("window.notReloaded === true").await?);

    // Another one is added and said while he has no line.
    cable.pull();
    bob.waits_until("document.querySelector('#app').dataset.connection !== 'online'").await?;
    adds(&alice, "second").await?;
    alice.says("now :second:").await?;
    cable.plug();
    bob.is_back_online().await?;
    shows(&bob, "img.own-emoji[alt=':second:']").await?;
    bob.driver.refresh().await?;
    shows(&bob, "img.own-emoji[alt=':second:']").await?;
    shows(&bob, ".reaction img.own-emoji").await?;

    // Once it is removed, its name stands there.
    removes(&alice, "party_stone").await?;
    alice.waits_until("!document.querySelector('.message-text img[alt=\":party_stone:\"]')").await?;
    alice.waits_until("document.querySelector('.reaction').textContent.includes(':party_stone:')").await?;
    bob.driver.refresh().await?;
    shows(&bob, "img.own-emoji[alt=':second:']").await?;
    bob.waits_until("document.querySelector('.message-text').textContent === 'look: :party_stone:'").await?;
    bob.clicks(".reaction").await?;
    alice.waits_until("document.querySelector('.reaction .count')?.textContent === '1'").await?;
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}

/// Somebody writes it, in all the ways that there are, and the other sees it.
async fn writes(window: &Window, other: &Window) -> WebDriverResult<()> {
    // By completion, in the middle of a line.
    let composer = window.sees(COMPOSER).await?;
    window.says("look: :party_stone:").await?;
    for one in [other, window] {
        shows(one, ".message-text img.own-emoji[alt=':party_stone:']").await?;
    }
    composer.send_keys("and :par").await?;
    window.sees("#emoji-codes [role=option] img.own-emoji").await?;
    window.pictures("custom-emoji-codes-768").await?;
    composer.send_keys("" + Key::Enter).await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some("and :party_stone: "));
    composer.send_keys("so" + Key::Enter).await?;
    window.waits_until("document.querySelectorAll('.message-text img.own-emoji').length === 2").await?;

    // From the panel, alone: it is large.
    window.clicks("button[popovertarget=emoji-panel]").await?;
    window.types("#emoji-panel input[type=search]", "party st").await?;
    window.clicks("#emoji-panel [role=gridcell][data-form=':party_stone:']").await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some(":party_stone: "));
    composer.send_keys("" + Key::Enter).await?;
    shows(other, ".emoji-alone img.own-emoji").await?;
    window.clicks("button[popovertarget=emoji-panel]").await?;
    // The sign that one sees lies over it.
    window
        .driver
        .execute("document.querySelector('#emoji-panel input[aria-label=\"From this server\"]').click()", Vec::new())
        .await?;
    window.sees("[role=rowgroup][aria-label='From this server'] [role=gridcell] img").await?;
    window.pictures("custom-emoji-panel-768").await?;
    window.driver.active_element().await?.send_keys("" + Key::Escape).await?;
    Ok(())
}

/// Somebody reacts with it, from the panel by way of the message's menu, and so does the other.
async fn reacts(window: &Window, other: &Window) -> WebDriverResult<()> {
    window.driver.execute("document.querySelector('.message .message-more').click()", Vec::new()).await?;
    window.clicks("#message-menu [aria-label='React with another emoji']").await?;
    window.types("#emoji-panel input[type=search]", "party").await?;
    window.clicks("#emoji-panel [role=gridcell][data-form=':party_stone:']").await?;
    for one in [other, window] {
        shows(one, ".reaction img.own-emoji").await?;
    }
    other.clicks(".reaction").await?;
    window.waits_until("document.querySelector('.reaction .count')?.textContent === '2'").await?;
    other.pictures("custom-emoji-1280").await?;
    window.pictures("custom-emoji-768").await?;
    Ok(())
}

/// An administrator adds an emoji in the dialog.
async fn adds(window: &Window, name: &str) -> WebDriverResult<()> {
    window.clicks(".account-button").await?;
    window.clicks("#keep-emoji").await?;
    window.sees("#own-emoji[open]").await?;
    let chosen = "const done = arguments[0];
        const canvas = Object.assign(document.createElement('canvas'), { width: 200, height: 200 });
        const paint = canvas.getContext('2d');
        paint.fillStyle = 'rgb(240, 150, 30)';
        paint.beginPath(); paint.arc(100, 100, 90, 0, 7); paint.fill();
        canvas.toBlob((blob) => {
          const carried = new DataTransfer();
          carried.items.add(new File([blob], 'My stone.PNG', { type: 'image/png' }));
          const field = document.getElementById('own-emoji-file'); field.files = carried.files;
          field.dispatchEvent(new Event('change', { bubbles: true }));
          done(true);
        });";
    window.driver.execute_async(chosen, Vec::new()).await?;
    window.waits_until("document.getElementById('own-emoji-name').value === 'my_stone'").await?;
    // A name that is none is refused in words.
    window.types("#own-emoji-name", "Not a name").await?;
    window.clicks("#own-emoji [type=submit]").await?;
    window.waits_until("document.querySelector('#own-emoji .trouble').textContent.includes('small letters')").await?;
    window.types("#own-emoji-name", name).await?;
    window.pictures("custom-emoji-dialog-1280").await?;
    window.clicks("#own-emoji [type=submit]").await?;
    shows(window, &format!("#own-emoji li img[alt=':{name}:']")).await?;
    window.presses(Key::Escape).await?;
    window.sees_no("#own-emoji[open]").await
}

async fn removes(window: &Window, name: &str) -> WebDriverResult<()> {
    window.clicks(".account-button").await?;
    window.clicks("#keep-emoji").await?;
    window.clicks(&format!("#own-emoji [aria-label='Remove :{name}:']")).await?;
    window.clicks(&format!("#own-emoji [aria-label='Yes, remove :{name}:']")).await?;
    window.sees_no(&format!("#own-emoji li img[alt=':{name}:']")).await?;
    window.presses(Key::Escape).await?;
    window.sees_no("#own-emoji[open]").await
}

/// A picture that is really drawn.
async fn shows(window: &Window, css: &str) -> WebDriverResult<()> {
    window.sees(css).await?;
    window.waits_until(&format!("document.querySelector(\"{css}\")?.naturalWidth > 0")).await
}

/// The files in a folder, and in those in it.
fn count(folder: &std::path::Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let of = |path: std::path::PathBuf| if path.is_dir() { count(&path) } else { 1 };
    entries.map(|entry| of(entry.unwrap().path())).sum()
}
