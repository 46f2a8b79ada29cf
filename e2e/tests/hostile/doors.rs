//! The doors, which need no script, and the page of instant rooms: making an account, logging in, invitations, nicknames.

use e2e::{Browser, Server, Window};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::{does, logged, notices, reports, texts, watched};

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
