//! What people do with messages in the first hour: on both screens at once, after a reload, and what was done without a connection.

use e2e::{Browser, Cable, Server, Window};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

async fn both(windows: [&Window; 2], script: &str) -> WebDriverResult<()> {
    for window in windows {
        window.waits_until(script).await?;
    }
    Ok(())
}

/// What is taken back is gone from where it was quoted, too.
async fn taken_back(windows: [&Window; 2]) -> WebDriverResult<()> {
    let [alice, _] = windows;
    alice.chooses("Who brings the cake?", "Delete").await?;
    alice.clicks("#deleting .danger").await?;
    both(windows, "document.querySelector('.quote .quote-text').textContent === 'This message was deleted.'").await?;
    both(windows, "document.querySelectorAll('.pinned').length === 0").await
}

#[tokio::test]
async fn messages_are_answered_changed_reacted_to_and_pinned_on_both_screens() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    let windows = [&alice, &bob];
    alice.says("Who brings the tea?").await?;
    bob.hears("Who brings the tea?").await?;

    bob.chooses("Who brings the tea?", "Reply").await?;
    bob.sees_text(".answering .quote-text", "Who brings the tea?").await?;
    // A name is offered as soon as its beginning is there; Enter takes it, and the next one sends.
    let field = bob.sees("#composer textarea").await?;
    field.send_keys("I do, @al").await?;
    bob.sees_text("#emoji-codes [aria-selected=true] bdi", "@alice").await?;
    field.send_keys("" + Key::Enter).await?;
    bob.waits_until("document.querySelector('#composer textarea').value === 'I do, @alice '").await?;
    field.send_keys("" + Key::Enter).await?;
    both(
        windows,
        "document.querySelector('.message:last-child .quote .quote-text')?.textContent === 'Who brings the tea?'",
    )
    .await?;
    both(windows, "document.querySelector('.replies')?.textContent === '1 reply'").await?;
    alice.waits_until("document.querySelector('.message:last-child').dataset.named === 'true'").await?;
    alice.sees(".message:last-child .mention-me").await?;

    alice.chooses("I do, @alice", "React with 👍").await?;
    both(windows, "document.querySelector('.message:last-child .reaction .count')?.textContent === '1'").await?;
    bob.driver.execute("document.querySelector('.message:last-child .reaction').click()", Vec::new()).await?;
    both(windows, "document.querySelector('.message:last-child .reaction .count')?.textContent === '2'").await?;
    assert!(alice.holds("document.querySelector('.reaction').ariaLabel.includes('bob')").await?, "who reacted is told");
    alice.driver.execute("document.querySelector('.message:last-child .reaction').click()", Vec::new()).await?;
    both(windows, "document.querySelector('.message:last-child .reaction .count')?.textContent === '1'").await?;

    // The arrow up in an empty field changes one's last message.
    alice.sees("#composer textarea").await?.send_keys("" + Key::Up).await?;
    alice.waits_until("document.querySelector('#composer textarea').value === 'Who brings the tea?'").await?;
    let field = alice.sees("#composer textarea").await?;
    field.clear().await?;
    field.send_keys("Who brings the cake?" + Key::Enter).await?;
    both(windows, "document.querySelector('.message-text').textContent === 'Who brings the cake?'").await?;
    both(windows, "document.querySelector('.quote .quote-text').textContent === 'Who brings the cake?'").await?;
    bob.driver.execute("document.querySelector('.edited').click()", Vec::new()).await?;
    bob.sees_text("#gathered .gathered-list .message-text", "Who brings the tea?").await?;
    bob.presses(Key::Escape).await?;

    bob.chooses("Who brings the cake?", "Pin").await?;
    both(windows, "document.querySelectorAll('.pinned').length === 1").await?;
    alice.clicks("[aria-label='Pinned messages']").await?;
    alice.sees_text("#gathered .gathered-list .message-text", "Who brings the cake?").await?;
    alice.presses(Key::Escape).await?;

    // Everything stands after a reload.
    alice.driver.refresh().await?;
    alice.hears("I do, @alice").await?;
    for holds in [
        "document.querySelector('.message-text').textContent === 'Who brings the cake?'",
        "document.querySelectorAll('.edited').length === 1",
        "document.querySelectorAll('.pinned').length === 1",
        "document.querySelector('.reaction .count').textContent === '1'",
        "document.querySelector('.replies').textContent === '1 reply'",
        "document.querySelector('.quote .quote-text').textContent === 'Who brings the cake?'",
    ] {
        alice.waits_until(holds).await?;
    }

    taken_back(windows).await?;
    for window in [alice, bob] {
        assert!(
            window.holds("document.documentElement.scrollWidth <= window.innerWidth").await?,
            "it scrolls sideways"
        );
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_was_done_without_a_connection_is_done_when_it_is_back() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 768, 900).await?;
    for (window, base, name) in [(&alice, &cable.base, "alice"), (&bob, &server.base, "bob")] {
        window.signs_up(base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    alice.says("one").await?;
    bob.hears("one").await?;
    alice.waits_until("document.querySelector('#message-menu') !== null").await?;
    cable.pull();
    alice.sees("[data-connection=offline]").await?;
    alice.chooses("one", "React with ❤️").await?;
    alice.chooses("one", "Edit").await?;
    let field = alice.sees("#composer textarea").await?;
    field.clear().await?;
    field.send_keys("two" + Key::Enter).await?;
    // It shows at once where it was done, and on the other screen when the line is back.
    alice.waits_until("document.querySelector('.message-text').textContent === 'two'").await?;
    alice.sees(".reaction[aria-pressed=true]").await?;
    cable.plug();
    alice.is_back_online().await?;
    bob.waits_until("document.querySelector('.message-text').textContent === 'two'").await?;
    bob.waits_until("document.querySelector('.reaction .count')?.textContent === '1'").await?;
    bob.driver.refresh().await?;
    bob.hears("two").await?;
    bob.waits_until("document.querySelector('.reaction .count')?.textContent === '1'").await?;
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}
