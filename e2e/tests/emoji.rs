//! Emoji from the panel and by short code: by mouse and by keyboard, at the caret, and large where they stand alone.

use e2e::{Browser, Server, Window};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";
const COMPOSER: &str = "#composer textarea";

#[tokio::test]
async fn emoji_are_found_picked_at_the_caret_and_seen_large_by_the_other() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    let fetched = "performance.getEntriesByType('resource').some(one => /emoji-.*txt/.test(one.name))";
    // They come by themselves when the page has come to rest, so that the panel opens at once.
    alice.waits_until(fetched).await?;

    // By keyboard: search, down into the cells, to the second and back, and Enter. It lands where the caret was.
    let composer = alice.sees(COMPOSER).await?;
    composer.send_keys("well done").await?;
    alice.driver.execute(format!("document.querySelector('{COMPOSER}').setSelectionRange(4, 4)"), Vec::new()).await?;
    alice.clicks("button[popovertarget=emoji-panel]").await?;
    alice.sees("#emoji-panel [role=gridcell]").await?;
    assert!(alice.holds("document.activeElement.type === 'search'").await?, "the search has no focus");
    keys(&alice, "celebrat").await?;
    alice.sees("#emoji-panel [role=rowgroup][aria-label=Found]").await?;
    alice.pictures("emoji-found-1280").await?;
    keys(&alice, Key::Down + Key::Right).await?;
    alice.sees("[role=gridcell]:nth-child(2):focus").await?;
    let second: String =
        alice.driver.execute("return document.activeElement.textContent", Vec::new()).await?.convert()?;
    keys(&alice, Key::Left + Key::Right + Key::Enter).await?;
    assert_eq!(composer.prop("value").await?, Some(format!("well{second} done")));
    assert!(alice.holds("document.activeElement === document.querySelector('#composer textarea')").await?);
    assert!(
        alice.holds("document.activeElement.selectionStart === 6 && !document.querySelector(':popover-open')").await?
    );
    keys(&alice, "!" + Key::Enter).await?;
    bob.hears(&format!("well{second}! done")).await?;

    // Escape leaves the panel and changes nothing; what was used is there at the next time.
    alice.clicks("button[popovertarget=emoji-panel]").await?;
    alice.sees("[role=rowgroup][aria-label='Used last'] [role=gridcell]").await?;
    alice.pictures("emoji-1280").await?;
    keys(&alice, "" + Key::Escape).await?;
    alice.sees_no("#emoji-panel:popover-open").await?;

    // A tone that was chosen is the tone of all that have one.
    bob.clicks("button[popovertarget=emoji-panel]").await?;
    bob.sees("#emoji-panel [role=gridcell]").await?;
    bob.driver.execute("document.querySelector('[aria-label=\"Dark skin tone\"]').click()", Vec::new()).await?;
    bob.types("#emoji-panel input[type=search]", "waving hand").await?;
    bob.clicks("#emoji-panel [aria-label='waving hand']").await?;
    assert_eq!(bob.sees(COMPOSER).await?.prop("value").await?.as_deref(), Some("👋🏿"));
    keys(&bob, "" + Key::Enter).await?;
    alice.sees(".message[data-large=true]").await?;
    bob.clicks("button[popovertarget=emoji-panel]").await?;
    bob.sees("[role=rowgroup][aria-label='Used last'] [role=gridcell]").await?;
    bob.pictures("emoji-360").await?;
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_short_code_becomes_its_emoji_while_it_is_typed() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("stones").await?;
    let composer = alice.sees(COMPOSER).await?;

    // Enter takes what is offered and sends nothing; the next one sends.
    composer.send_keys("hurra :tad").await?;
    alice.sees("#emoji-codes [role=option][aria-selected=true]").await?;
    assert!(
        alice.holds("!!document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))").await?
    );
    alice.pictures("emoji-codes-1280").await?;
    composer.send_keys("" + Key::Enter).await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some("hurra 🎉"));
    composer.send_keys("" + Key::Enter).await?;
    alice.hears("hurra 🎉").await?;

    // A whole code needs no key; a clock and an address are no codes.
    composer.send_keys(":tada::+1:").await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some("🎉👍"));
    composer.send_keys("" + Key::Enter).await?;
    alice.sees(".message[data-large=true]").await?;
    composer.send_keys("at 12:30 http://x").await?;
    alice.sees_no("#emoji-codes:not([hidden])").await?;
    composer.send_keys(" :smi").await?;
    alice.sees("#emoji-codes [role=option]").await?;
    composer.send_keys("" + Key::Escape).await?;
    alice.sees_no("#emoji-codes:not([hidden])").await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some("at 12:30 http://x :smi"));

    // An input method at work is left alone.
    let composing = "const box = document.querySelector('#composer textarea'); box.value = ':smi'; \
         box.setSelectionRange(4, 4); \
         box.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}))";
    alice.driver.execute(composing, Vec::new()).await?;
    alice.sees_no("#emoji-codes:not([hidden])").await?;
    alice.closes().await
}

/// Types into whatever has the focus.
async fn keys(window: &Window, keys: impl Into<TypingData>) -> WebDriverResult<()> {
    window.driver.active_element().await?.send_keys(keys).await
}
