//! Bots: made, given tokens and hooks, and retired by somebody who has only the app; seen for what they are by everybody else.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use e2e::{Browser, Server, Window};
use model::Person;
use protocol::{
    Code,
    http::{Bot, Bots},
};
use testkit::cast::{Guest, JSON, PASSWORD, send};
use thirtyfour::prelude::*;

/// How many times Tab is pressed until something has the focus.
const TABS_MAX: usize = 30;

/// Presses the button of the dialog that says this, as soon as it is there.
async fn presses(window: &Window, words: &str) -> WebDriverResult<()> {
    let button =
        format!("[...document.querySelectorAll('#bots[open] button')].find(one => one.textContent === {words:?})");
    window.waits_until(&format!("{button} !== undefined")).await?;
    window.driver.execute(format!("{button}.click()"), Vec::new()).await.map(drop)
}

/// The secret that is shown, after which the page is left.
async fn takes_the_secret(window: &Window) -> WebDriverResult<String> {
    let secret = window.sees("#bots #told").await?.prop("value").await?.unwrap();
    assert!(window.holds("document.querySelector('#bots').innerText.includes('shown only this once')").await?);
    presses(window, "Done").await?;
    window.sees_no("#told").await?;
    Ok(secret)
}

/// Goes by Tab to what this describes.
async fn tabs_to(window: &Window, css: &str) -> WebDriverResult<()> {
    for _ in 0..TABS_MAX {
        if window.holds(&format!("document.activeElement.matches({css:?})")).await? {
            return Ok(());
        }
        window.presses(Key::Tab).await?;
    }
    panic!("{css} cannot be reached by the keyboard");
}

/// Types where the focus is.
async fn writes(window: &Window, text: &str) -> WebDriverResult<()> {
    window.driver.action_chain().send_keys(text).perform().await
}

fn own(guest: &Guest) -> Vec<Bot> {
    guest.gets("bots").value::<Bots>().bots
}

/// Makes a bot and a token that may do everything; says who it is, and the token.
async fn makes_rook(alice: &Window, api: &Guest) -> WebDriverResult<(Person, String)> {
    alice.clicks(".account-button").await?;
    alice.clicks("#keep-bots").await?;
    alice.types("#bots #bot-name", "rook").await?;
    presses(alice, "Make it").await?;
    alice.sees_text("#bots h3", "rook").await?;
    presses(alice, "New token").await?;
    presses(alice, "Make the token").await?;
    alice.sees_text("#bots > .trouble", "Say what the token is for.").await?;
    alice.types("#token-label", "Builds").await?;
    alice.sees_no("#bots > .trouble:not(:empty)").await?;
    alice.clicks("#bots [name=join]").await?;
    presses(alice, "Make the token").await?;
    let token = takes_the_secret(alice).await?;
    alice.sees_text("#bot-tokens bdi", "Builds").await?;
    Ok((own(api)[0].bot.clone(), token))
}

#[tokio::test]
async fn a_bot_is_made_speaks_and_is_retired_without_a_line_of_documentation() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let (alice, bob) = (browser.open("alice", 1280, 800).await?, browser.open("bob", 360, 740).await?);
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    let api = Guest::logs_in(&server.base, "alice");
    let (person, token) = makes_rook(&alice, &api).await?;
    let rook = Guest::with_token(&server.base, person, &token);
    let stones = rook.joins("stones");
    rook.posts(stones, "1", "I am a program").unwrap();
    bob.hears("I am a program").await?;
    // Bob sees what it is.
    bob.sees_text(".message-head .tag", "bot").await?;
    bob.waits_until("document.querySelector('#card') !== null").await?;
    bob.clicks(".message .author.name").await?;
    bob.sees_text("#card:popover-open .tag", "bot").await?;
    bob.presses(Key::Escape).await?;

    // In another room it has never been; it is brought there.
    alice.presses(Key::Escape).await?;
    alice.joins("builds").await?;
    alice.clicks(".account-button").await?;
    alice.clicks("#keep-bots").await?;
    alice.clicks("#bots .entry").await?;
    presses(&alice, "New hook").await?;
    presses(&alice, "Make the hook").await?;
    let address = takes_the_secret(&alice).await?;
    assert!(address.starts_with(&server.base), "{address}");
    assert_eq!(send("POST", &address, &[JSON], Some(r#"{"text":"build 7"}"#)).status, 200);
    alice.hears("build 7").await?;
    alice.sees_text("#bot-hooks bdi", "builds").await?;
    refuses_a_hook_inward(&alice).await?;

    // What is ended ends at once.
    presses(&alice, "Remove").await?;
    presses(&alice, "Yes, remove").await?;
    alice.sees_no("#bot-hooks li").await?;
    assert_eq!(send("POST", &address, &[JSON], Some(r#"{"text":"build 8"}"#)).code(), Code::NotFound);
    presses(&alice, "Revoke").await?;
    assert_eq!(rook.gets("session").status, 200, "it is asked once more");
    presses(&alice, "Yes, revoke").await?;
    alice.sees_no("#bot-tokens li").await?;
    assert_eq!(rook.gets("session").code(), Code::NotSignedIn);
    presses(&alice, "Retire this bot").await?;
    presses(&alice, "Yes, retire it").await?;
    alice.sees("#bots #bot-name").await?;
    alice.sees_no("#bots .entry").await?;
    assert_eq!(own(&api), []);
    alice.closes().await?;
    bob.closes().await
}

/// Where the server does not go, no hook leads, and nobody has to type everything again.
async fn refuses_a_hook_inward(alice: &Window) -> WebDriverResult<()> {
    presses(alice, "New hook").await?;
    alice.sees("#hook-room").await?;
    alice.driver.execute("document.querySelectorAll('[name=hook-kind]')[1].click()", Vec::new()).await?;
    presses(alice, "Make the hook").await?;
    alice.sees_text("#bots > .trouble", "Say where the messages are to be brought.").await?;
    alice.types("#hook-url", "https://127.0.0.1/").await?;
    presses(alice, "Make the hook").await?;
    alice.sees("#bots > .trouble:not(:empty)").await?;
    assert!(alice.holds("document.querySelector('#hook-url').value === 'https://127.0.0.1/'").await?);
    alice.driver.execute("document.querySelector('#bots [aria-label=Back]').click()", Vec::new()).await?;
    alice.sees("#bot-hooks li").await?;
    alice.sees_no("#bots > .trouble:not(:empty)").await
}

#[tokio::test]
async fn everything_goes_by_the_keyboard_on_a_telephone_too() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 360, 740).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.waits_until("document.querySelector('#keep-bots') !== null").await?;
    tabs_to(&alice, ".account-button").await?;
    alice.presses(Key::Enter).await?;
    tabs_to(&alice, "#keep-bots").await?;
    alice.presses(Key::Enter).await?;
    alice.sees("#bots[open] #bot-name").await?;
    tabs_to(&alice, "#bot-name").await?;
    writes(&alice, "rook").await?;
    alice.presses(Key::Enter).await?;
    // The focus goes along from page to page.
    alice.waits_until("document.activeElement.matches('#bots h3')").await?;
    tabs_to(&alice, "#bot-tokens button").await?;
    alice.presses(Key::Enter).await?;
    alice.waits_until("document.activeElement.matches('#token-label')").await?;
    writes(&alice, "Builds").await?;
    tabs_to(&alice, "#bots [name=post]").await?;
    writes(&alice, " ").await?;
    tabs_to(&alice, "#bots [type=submit]").await?;
    alice.presses(Key::Enter).await?;
    let marked = "(() => { const told = document.activeElement; \
                  return told.id === 'told' && told.selectionEnd === told.value.length && told.selectionStart === 0; })()";
    alice.waits_until(marked).await?;
    tabs_to(&alice, "#bots .dialog-foot .quiet").await?;
    alice.presses(Key::Enter).await?;
    alice.waits_until("document.querySelector('#bot-tokens .hint').textContent.startsWith('reads ·')").await?;
    tabs_to(&alice, "#bot-tokens li button").await?;
    alice.presses(Key::Enter).await?;
    alice.presses(Key::Enter).await?;
    alice.sees_no("#bot-tokens li").await?;
    alice.presses(Key::Escape).await?;
    alice.sees_no("#bots[open]").await?;
    let api = Guest::logs_in(&server.base, "alice");
    assert_eq!(own(&api)[0].tokens, []);
    alice.closes().await
}

#[tokio::test]
async fn where_the_operator_wants_no_bots_the_dialog_says_so() -> WebDriverResult<()> {
    let server = Server::start_with(None, vec!["--bots-enabled=false".into()]);
    let browser = Browser::start();
    let alice = browser.open("alice", 768, 800).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.clicks(".account-button").await?;
    alice.clicks("#keep-bots").await?;
    alice.sees_text("#bots .bots-page p", "The operator of this server has switched bots off.").await?;
    alice.sees_no("#bot-name").await?;
    alice.closes().await
}
