//! Finding one's way: what was said long ago is found, shown in its place and read on from there; a message has an address; and the
//! keyboard alone leads from room to room.

use e2e::{Browser, Server, Window};
use serde_json::json;
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";
/// More than are kept of a room that nobody looks at, and several pages.
const MESSAGES: usize = 220;

/// Says many things in the open room, one after the other, as a program of this person's would.
async fn says_much(window: &Window) -> WebDriverResult<()> {
    let script = "const [count, done] = arguments; (async () => {
        for (let n = 1; n <= count; n++) {
            const answer = await fetch('/api/v1' + location.pathname + '/messages', {
                method: 'POST', headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ key: `many-${n}`, text: n === 10 ? 'the wheatear nests here' : `stone ${n}` }),
            });
            if (!answer.ok) return done(answer.status);
        }
        done(0);
    })()";
    let answer = window.driver.execute_async(script, vec![json!(MESSAGES)]).await?;
    assert_eq!(answer.json(), &json!(0));
    Ok(())
}

/// The wheatear's message is in the middle of what is seen.
const IN_SIGHT: &str = "(() => {
    const found = [...document.querySelectorAll('.message')].find((row) => row.innerText.includes('wheatear'));
    if (!found) return false;
    const [row, window] = [found, document.querySelector('.scroller')].map((box) => box.getBoundingClientRect());
    return row.top >= window.top && row.bottom <= window.bottom && document.activeElement === found;
})()";

/// What is shown has no hole: the numbers go up one by one.
const WITHOUT_HOLE: &str = "(() => {
    const numbers = [...document.querySelectorAll('.message-text')].map((text) => text.innerText.includes('wheatear')
        ? 10 : Number(text.innerText.split(' ')[1]));
    return numbers.every((number, at) => at === 0 || number === numbers[at - 1] + 1);
})()";

#[tokio::test]
async fn a_message_of_long_ago_is_found_and_read_on_from() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("quarry").await?;
    says_much(&alice).await?;
    // A page that was not there when it was said.
    alice.driver.refresh().await?;
    alice.hears(&format!("stone {MESSAGES}")).await?;

    alice.clicks("#open-search").await?;
    alice.pictures("search-tips-1280").await?;
    alice.types("#search input", "wheat").await?;
    alice.sees_text("#search .found-text mark", "wheat").await?;
    alice.pictures("search-1280").await?;
    alice.presses(Key::Down).await?;
    alice.waits_until("document.activeElement.matches('.found-message')").await?;
    alice.presses(Key::Enter).await?;
    alice.waits_until(IN_SIGHT).await?;
    alice.sees(".away").await?;
    alice.pictures("away-1280").await?;
    assert!(alice.holds(WITHOUT_HOLE).await?);

    // Up to the beginning, and down to the newest.
    alice.waits_until("document.querySelector('.scroller').scrollTo(0, 0) ?? document.querySelector('.past')?.innerText.startsWith('This is where')").await?;
    let down = "document.querySelector('.scroller').scrollBy(0, 2000) ?? !document.querySelector('.away')";
    alice.waits_until(down).await?;
    alice.hears(&format!("stone {MESSAGES}")).await?;
    assert!(alice.holds(WITHOUT_HOLE).await?);
    assert!(alice.holds(&format!("document.querySelectorAll('.message').length === {MESSAGES}")).await?);

    // The address is the message's, also after a reload.
    assert!(alice.holds("/^\\/rooms\\/\\d+\\/messages\\/\\d+$/.test(location.pathname)").await?);
    alice.driver.refresh().await?;
    alice.waits_until(IN_SIGHT).await?;
    alice.clicks(".to-newest").await?;
    alice.sees_no(".away").await?;
    alice.hears(&format!("stone {MESSAGES}")).await?;
    alice.says("here again").await?;
    alice.sees_last("kept").await?;
    alice.closes().await
}

#[tokio::test]
async fn the_keyboard_alone_leads_to_a_room() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("quarry").await?;
    alice.joins("book club").await?;
    let control = |key: char| alice.driver.action_chain().key_down(Key::Control).send_keys(key).key_up(Key::Control);
    control('k').perform().await?;
    alice.sees("#switcher[open]").await?;
    alice.pictures("switcher-1280").await?;
    alice.driver.action_chain().send_keys("quar").perform().await?;
    alice.sees_text("#switcher .entry bdi", "quarry").await?;
    alice.presses(Key::Enter).await?;
    alice.waits_until("document.title.startsWith('quarry')").await?;

    let alt = alice.driver.action_chain().key_down(Key::Alt).send_keys(Key::Up).send_keys(Key::Down);
    alt.send_keys(Key::Down).key_up(Key::Alt).perform().await?;
    alice.waits_until("document.title.startsWith('book club') || document.title.startsWith('quarry')").await?;
    alice.driver.execute("document.activeElement.blur()", Vec::new()).await?;
    alice.driver.action_chain().send_keys("?").perform().await?;
    alice.sees("#keys[open]").await?;
    alice.pictures("keys-1280").await?;
    alice.closes().await
}
