//! Company that one chooses: whom one ignores and blocks, what a room is about, votes, and what a slash says; on two screens at once.

use e2e::{Browser, Cable, Server, Window};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// Says something else than a message that stands in the timeline with these words.
async fn commands(window: &Window, text: &str) -> WebDriverResult<()> {
    let field = window.sees("#composer textarea").await?;
    field.send_keys(text).await?;
    // Enter could take what is offered in its place.
    window.waits_until("document.querySelector('#emoji-codes').hidden").await?;
    field.send_keys("" + Key::Enter).await
}

/// Does something on the card of whoever said something here.
async fn on_the_card(window: &Window, label: &str) -> WebDriverResult<()> {
    window.waits_until("document.querySelector('#card') !== null").await?;
    window.driver.execute("document.querySelector('.message .author.name').click()", Vec::new()).await?;
    let one = format!(
        "[...document.querySelectorAll('#card:popover-open .regard button')].find(one => one.textContent === {label:?})"
    );
    window.waits_until(&format!("{one} !== undefined")).await?;
    window.driver.execute(&format!("{one}.click()"), Vec::new()).await.map(drop)
}

async fn begin(browser: &Browser, base: [&str; 2]) -> WebDriverResult<(Window, Window)> {
    let (alice, bob) = (browser.open("alice", 1280, 800).await?, browser.open("bob", 1280, 800).await?);
    for ((window, base), name) in [(&alice, base[0]), (&bob, base[1])].into_iter().zip(["alice", "bob"]) {
        window.signs_up(base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    Ok((alice, bob))
}

#[tokio::test]
async fn what_the_ignored_say_is_covered_and_the_blocked_say_nothing_to_one_alone() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let (alice, bob) = begin(&browser, [&server.base, &server.base]).await?;
    bob.says("Buy my stones!").await?;
    alice.hears("Buy my stones!").await?;
    on_the_card(&alice, "Ignore").await?;
    let covered = "[...document.querySelectorAll('.message .bubble')].some(one => one.textContent.startsWith('Somebody you ignore'))";
    alice.waits_until(covered).await?;
    assert!(!alice.holds("document.querySelector('.room').textContent.includes('Buy my')").await?);
    assert!(!bob.holds(covered).await?, "who is ignored does not see it");
    alice.driver.refresh().await?;
    alice.waits_until(covered).await?;
    alice.driver.execute("document.querySelector('.message .bubble button').click()", Vec::new()).await?;
    alice.hears("Buy my stones!").await?;

    on_the_card(&alice, "Block").await?;
    alice.presses(Key::Escape).await?;
    bob.opens_chat_with("alice").await?;
    bob.waits_until("document.querySelector('#people .trouble')?.textContent.includes('one has blocked the other')")
        .await?;
    bob.presses(Key::Escape).await?;

    // All of them are listed in one's profile, with the way back.
    alice.driver.execute("document.querySelector('#edit-profile').click()", Vec::new()).await?;
    alice.sees_text(".regarded li .hint", "blocked").await?;
    alice.clicks(".regarded li button").await?;
    alice.sees_no(".regarded").await?;
    alice.presses(Key::Escape).await?;
    bob.opens_chat_with("alice").await?;
    bob.says("Sorry.").await?;
    alice.closes().await?;
    bob.closes().await
}

#[tokio::test]
async fn commands_do_what_they_say_on_both_screens_and_votes_wait_for_a_connection() -> WebDriverResult<()> {
    let server = Server::start();
    let cable = Cable::to(&server.base);
    let browser = Browser::start();
    let (alice, bob) = begin(&browser, [&server.base, &cable.base]).await?;
    let windows = [&alice, &bob];
    let field = alice.sees("#composer textarea").await?;
    field.send_keys("/to").await?;
    alice.sees_text("#emoji-codes [aria-selected=true] bdi", "/topic text").await?;
    field.send_keys("" + Key::Enter).await?;
    field.send_keys("Where they lie" + Key::Enter).await?;
    for window in windows {
        window.sees_text(".room-head .room-about", "Where they lie").await?;
    }
    commands(&bob, "/me throws one").await?;
    for window in windows {
        window.waits_until("document.querySelector('.message-action')?.textContent === 'bobthrows one'").await?;
    }
    commands(&bob, "/shrug who knows").await?;
    alice.hears("who knows ¯\\_(ツ)_/¯").await?;
    commands(&bob, "/dance").await?;
    bob.waits_until("document.querySelector('#composer-note').textContent.includes('no command /dance')").await?;
    bob.sees("#composer textarea").await?.clear().await?;
    commands(&bob, "//dance").await?;
    alice.hears("/dance").await?;

    commands(&alice, "/poll Where to? | The lake | The hill").await?;
    for window in windows {
        window.waits_until("document.querySelectorAll('.poll-answer').length === 2").await?;
    }
    let counts = |lake: u32, hill: u32| {
        format!(
            "[...document.querySelectorAll('.poll-answer .count')].map(one => one.textContent).join() === '{lake},{hill}'"
        )
    };
    alice.clicks("li:nth-child(2) > .poll-answer:enabled").await?;
    for window in windows {
        window.waits_until(&counts(0, 1)).await?;
    }
    cable.pull();
    bob.driver.execute("document.querySelectorAll('.poll-answer')[0].click()", Vec::new()).await?;
    bob.waits_until(&counts(1, 1)).await?;
    assert!(alice.holds(&counts(0, 1)).await?);
    cable.plug();
    bob.is_back_online().await?;
    alice.waits_until(&counts(1, 1)).await?;
    alice.driver.refresh().await?;
    alice.waits_until(&counts(1, 1)).await?;
    assert!(alice.holds("document.querySelectorAll('.reaction').length === 0").await?, "votes are counted in the poll");
    assert!(alice.holds("document.querySelector('.room-head .room-about').textContent === 'Where they lie'").await?);
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_kept_for_later_comes_then_and_can_be_taken_away() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let (alice, bob) = begin(&browser, [&server.base, &server.base]).await?;
    commands(&alice, "/later Tea is ready").await?;
    alice.sees_text("#plan blockquote", "Tea is ready").await?;
    alice.waits_until("document.querySelectorAll('#plan .plan-spans button').length === 4").await?;
    alice.driver.execute("document.querySelector('#plan .plan-spans button').click()", Vec::new()).await?;
    alice.waits_until("!document.querySelector('#plan').open").await?;
    commands(&alice, "/later").await?;
    alice.sees_text("#plan .planned li > span", "Tea is ready").await?;
    alice.clicks("#plan .planned li button").await?;
    alice.sees_no("#plan .planned li").await?;
    alice.presses(Key::Escape).await?;

    // A second from now, by the field's own value: the browser does not wait for the minute.
    commands(&alice, "/later Dinner is ready").await?;
    alice.sees("#plan-moment").await?;
    let set = "const field = document.querySelector('#plan-moment'); field.step = 1; \
               const at = new Date(Date.now() + 1500 - new Date().getTimezoneOffset() * 60000); \
               field.value = at.toISOString().slice(0, 19); \
               document.querySelector('.plan-exact').requestSubmit()";
    alice.driver.execute(set, Vec::new()).await?;
    bob.hears("Dinner is ready").await?;
    alice.hears("Dinner is ready").await?;
    alice.closes().await?;
    bob.closes().await
}
