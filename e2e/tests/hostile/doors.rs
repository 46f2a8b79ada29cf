//! The doors, which need no script, and the page of instant rooms: making an account, logging in, invitations, nicknames.

use std::time::{Duration, Instant};

use e2e::{Browser, Window};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::{PAGE, does, logged, notices, reports, texts, watched};

/// How long the server has to answer a form.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a form shows after the last text, and the next text on its way: whether the page was a form.
const FILLS: &str = "// The app, which is still on its way; it has a test of its own.
    if (location.pathname === '/rooms/') return ['in'];
    const wrong = sane();
    const form = $('main form');
    if (!form) {
        // More than a form may hold is refused before anybody looks for its fields.
        const why = $('main.card p')?.textContent ?? '';
        return ['in', ...wrong, ...(words(why) ? [] : [`no words about ${short(LAST ?? '')}: ${short(document.body.innerText)}`])];
    }
    const told = $('#error')?.textContent ?? '';
    if (LAST !== null) {
        if (!words(told)) wrong.push(`no words about ${short(LAST)}: ${short(told)}`);
        // A line has no breaks, and a page no null.
        const line = document.createElement('input');
        line.value = LAST.toWellFormed();
        const [is, was] = [$('#username').value, line.value.replaceAll('\\0', '\u{FFFD}')];
        if (is !== was) wrong.push(`${short(was)} stands in the field as ${short(is)}`);
    }
    for (const name of ['username', 'password', 'password_again', 'invitation', 'next']) {
        const field = $(`main input[name=${name}]`);
        if (field) field.value = name.startsWith('password') ? `two stones ${NEXT}` : NEXT;
    }
    window.before = true;
    HTMLFormElement.prototype.submit.call(form);
    return ['on', ...wrong]";

/// Does something in a page that may be left by it.
pub(crate) async fn does_at_once(window: &Window, what: &str) -> WebDriverResult<Vec<String>> {
    window.driver.execute(format!("{PAGE}; {what}"), Vec::new()).await?.convert()
}

/// Waits for the page that an answered form brings. A script that waits in a page ends with it: it is asked from outside.
pub(crate) async fn comes(window: &Window) -> WebDriverResult<()> {
    let end = Instant::now() + PATIENCE;
    while !window.holds("!window.before && document.readyState === 'complete'").await? {
        assert!(Instant::now() < end, "the form was not answered");
    }
    Ok(())
}

/// From now on the window's requests come from another address of the network.
async fn comes_from(window: &Window, turn: usize) -> WebDriverResult<()> {
    let from = json!({ "headers": { "x-forwarded-for": format!("10.1.{}.{}", turn / 200, turn % 200) } });
    window.driver.cdp().send_raw("Network.setExtraHTTPHeaders", from).await.map(drop)
}

/// Puts all texts through the form at this address, each as if it came from another address of the network.
async fn fills(window: &Window, url: &str) -> WebDriverResult<Vec<String>> {
    let (mut wrong, mut last) = (Vec::new(), "null".to_owned());
    window.driver.cdp().send_raw("Network.enable", json!({})).await?;
    window.goes_to(url).await?;
    for (turn, text) in texts().iter().enumerate() {
        comes_from(window, turn).await?;
        let fill = |last: &str| FILLS.replace("NEXT", text).replace("LAST", last);
        let mut told = does_at_once(window, &fill(&last)).await?;
        if told.remove(0) == "in" {
            // Some of them are sound names: whoever has one is in.
            window.driver.delete_all_cookies().await?;
            window.goes_to(url).await?;
            told.extend(does_at_once(window, &fill("null")).await?.into_iter().skip(1));
        }
        wrong.extend(told.into_iter().map(|what| format!("{url}: {what}")));
        comes(window).await?;
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
        window.goes_to(&format!("{}/i/quarry", server.base)).await?;
        let comes_in = format!("return [...await meets({text}), ...sane()]");
        let found = does(&window, &comes_in).await?;
        wrong.extend(found.into_iter().map(|found| format!("{text:.60}: {found}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(reports(&server), 0, "a browser reported a breach of the policy");
    window.closes().await
}

#[tokio::test]
async fn an_account_made_in_an_instant_room_has_a_sound_name_or_is_refused_in_words() -> WebDriverResult<()> {
    let server = logged(&["--trusted-proxies", "127.0.0.1/32"]);
    let browser = Browser::start();
    let window = watched(&browser, "mallory", 360, 740).await?;
    window.driver.cdp().send_raw("Network.enable", json!({})).await?;
    window.goes_to(&format!("{}/i/quarry", server.base)).await?;
    let mut wrong = Vec::new();
    for (turn, text) in texts().iter().enumerate() {
        comes_from(&window, turn).await?;
        let found = does(&window, &format!("return [...await joins_from_inside({text}, {turn}), ...sane()]")).await?;
        if found.first().is_some_and(|way| way == "in") {
            window.driver.delete_all_cookies().await?;
            window.goes_to(&format!("{}/i/quarry", server.base)).await?;
        }
        wrong.extend(found.into_iter().skip(1).map(|found| format!("{text:.60}: {found}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(reports(&server), 0, "a browser reported a breach of the policy");
    window.closes().await
}
