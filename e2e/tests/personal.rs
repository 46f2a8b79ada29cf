//! What people keep for themselves, and the ways to what was said: on two devices at once, after a reload, after a time without a line.

use e2e::{Browser, Cable, Server, Window};
use serde_json::json;
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// Presses a letter together with Ctrl and Shift.
async fn shortcut(window: &Window, key: char) -> WebDriverResult<()> {
    let keys = window.driver.action_chain().key_down(Key::Control).key_down(Key::Shift).send_keys(key);
    keys.key_up(Key::Shift).key_up(Key::Control).perform().await
}

/// The texts in the dialog.
fn listed(texts: &[&str]) -> String {
    format!(
        "JSON.stringify([...document.querySelectorAll('#gathered .gathered-list .message-text')].map(one => one.textContent)) \
         === JSON.stringify({})",
        json!(texts)
    )
}

const SAVED: &str = "document.querySelectorAll('.pinned[title^=Saved]').length";
/// A message says whose words it is.
const FORWARDED: &str = "document.querySelector('.forwarded')?.textContent === 'Forwarded from bob'";
/// What stands beside the first room's name.
const BADGE: &str = "(document.querySelector('.room-link .unread')?.textContent ?? '')";

/// Alice at a desk and with a telephone, both in front of what Bob said, the telephone by a cable.
async fn alice_twice(browser: &Browser, server: &Server, cable: &Cable) -> WebDriverResult<(Window, Window, Window)> {
    let desk = browser.open("desk", 1280, 800).await?;
    desk.signs_up(&server.base, "alice", PASSWORD).await?;
    desk.joins("stones").await?;
    let bob = browser.open("bob", 768, 800).await?;
    bob.signs_up(&server.base, "bob", PASSWORD).await?;
    bob.joins("stones").await?;
    for text in ["first stone", "second stone", "third stone"] {
        bob.says(text).await?;
        desk.hears(text).await?;
    }
    let phone = browser.open("phone", 360, 740).await?;
    phone.logs_in(&cable.base, "alice", PASSWORD).await?;
    phone.goes_to(&format!("{}/rooms/", cable.base)).await?;
    phone.opens("stones").await?;
    phone.hears("third stone").await?;
    Ok((desk, bob, phone))
}

#[tokio::test]
async fn what_is_saved_on_one_device_is_saved_on_the_other() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let (desk, bob, phone) = alice_twice(&browser, &server, &cable).await?;
    desk.chooses("first stone", "Save for yourself").await?;
    for window in [&desk, &phone] {
        window.waits_until(&format!("{SAVED} === 1")).await?;
    }
    assert!(bob.holds(&format!("{SAVED} === 0")).await?, "that is nobody else's business");
    // Without a line it is done all the same, and told when the line is back.
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    phone.chooses("third stone", "Save for yourself").await?;
    phone.waits_until(&format!("{SAVED} === 2")).await?;
    assert!(desk.holds(&format!("{SAVED} === 1")).await?);
    cable.plug();
    phone.is_back_online().await?;
    desk.waits_until(&format!("{SAVED} === 2")).await?;

    desk.clicks(".ways button:nth-child(4)").await?;
    desk.waits_until(&listed(&["third stone", "first stone"])).await?;
    desk.pictures("saved-1280").await?;
    shortcut(&phone, 's').await?;
    phone.waits_until(&listed(&["third stone", "first stone"])).await?;
    phone.pictures("saved-360").await?;
    // What its author deletes is gone from the list while one looks at it.
    bob.chooses("first stone", "Delete").await?;
    bob.clicks("#deleting .danger").await?;
    for window in [&desk, &phone] {
        window.waits_until(&listed(&["third stone"])).await?;
    }
    desk.driver.refresh().await?;
    desk.waits_until(&format!("{SAVED} === 1")).await?;
    shortcut(&desk, 's').await?;
    desk.waits_until(&listed(&["third stone"])).await?;
    let let_go = "[...document.querySelectorAll('#gathered button')].find(one => one.textContent === 'Remove').click()";
    desk.driver.execute(let_go, Vec::new()).await?;
    for window in [&desk, &phone] {
        window.waits_until(&listed(&[])).await?;
    }
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn unread_from_here_is_seen_on_the_other_device_until_it_is_opened_again() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let (desk, bob, phone) = alice_twice(&browser, &server, &cable).await?;
    let ticked = "document.querySelectorAll('.message .readers, .message [data-readers]').length";
    let before = bob.driver.execute(format!("return {ticked}"), Vec::new()).await?.json().clone();
    phone.goes_to(&format!("{}/rooms/", cable.base)).await?;
    desk.chooses("second stone", "Mark unread from here").await?;
    for window in [&desk, &phone] {
        window.waits_until(&format!("{BADGE} === '•'")).await?;
    }
    desk.waits_until("document.querySelector('.day[data-new]')").await?;
    desk.pictures("unread-1280").await?;
    phone.pictures("unread-360").await?;
    assert_eq!(
        bob.driver.execute(format!("return {ticked}"), Vec::new()).await?.json(),
        &before,
        "Bob is told nothing"
    );
    phone.driver.refresh().await?;
    phone.waits_until(&format!("{BADGE} === '•'")).await?;
    // Opened there, without a line at first: it begins at the mark, and the desk hears of it.
    phone.opens("stones").await?;
    phone.waits_until("document.querySelector('.day[data-new]')").await?;
    let under = "[...document.querySelectorAll('.message')].find(row => row.querySelector('.day[data-new]'))";
    assert!(phone.holds(&format!("{under}.querySelector('.message-text').textContent === 'second stone'")).await?);
    for window in [&desk, &phone] {
        window.waits_until(&format!("{BADGE} === ''")).await?;
    }
    // Marked without a line.
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    phone.chooses("third stone", "Mark unread from here").await?;
    phone.waits_until(&format!("{BADGE} === '•'")).await?;
    cable.plug();
    phone.is_back_online().await?;
    desk.waits_until(&format!("{BADGE} === '•'")).await?;
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn mentions_are_gathered_and_a_day_and_an_address_lead_to_a_message() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let (desk, bob, phone) = alice_twice(&browser, &server, &cable).await?;
    bob.says("@alice, look").await?;
    desk.hears("@alice, look").await?;
    desk.joins("moss").await?;
    desk.clicks(".ways button:nth-child(3)").await?;
    desk.waits_until(&listed(&["@alice, look"])).await?;
    bob.says("@alice once more").await?;
    shortcut(&phone, 'm').await?;
    for window in [&desk, &phone] {
        window.waits_until(&listed(&["@alice once more", "@alice, look"])).await?;
    }
    desk.pictures("mentions-1280").await?;
    phone.pictures("mentions-360").await?;
    let go =
        "[...document.querySelectorAll('#gathered button')].filter(one => one.textContent === 'Go to it')[1].click()";
    desk.driver.execute(go, Vec::new()).await?;
    desk.waits_until("document.activeElement.querySelector('.message-text')?.textContent === '@alice, look'").await?;

    // A day leads to its first message; the divider is the way.
    desk.clicks(".day button").await?;
    desk.sees("#gathered input[type=date]").await?;
    desk.pictures("day-1280").await?;
    desk.clicks("#gathered .primary").await?;
    desk.waits_until("document.activeElement.querySelector('.message-text')?.textContent === 'first stone'").await?;
    phone.presses(Key::Escape).await?;
    phone.clicks("#bell").await?;
    phone.pictures("bell-360").await?;
    phone.clicks("#open-day").await?;
    let tomorrow = "(() => { const field = document.querySelector('#day'); field.max = ''; field.value = '2999-01-01'; return true; })()";
    assert!(phone.holds(tomorrow).await?);
    phone.clicks("#gathered .primary").await?;
    phone.sees_text("#gathered .trouble", "Nothing was said on that day, or later.").await?;
    phone.pictures("day-360").await?;

    // The address of a message.
    desk.driver
        .execute("navigator.clipboard.writeText = async (text) => { window.copied = text; }", Vec::new())
        .await?;
    desk.chooses("third stone", "Copy the link").await?;
    desk.waits_until("/^http.*\\/rooms\\/\\d+\\/messages\\/\\d+$/.test(window.copied)").await?;
    let copied =
        desk.driver.execute("return window.copied", Vec::new()).await?.json().as_str().unwrap_or_default().to_owned();
    desk.goes_to(&copied).await?;
    desk.waits_until("document.activeElement.querySelector('.message-text')?.textContent === 'third stone'").await?;
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_message_is_forwarded_with_the_name_of_who_said_it() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let (desk, bob, phone) = alice_twice(&browser, &server, &cable).await?;
    desk.joins("moss").await?;
    bob.joins("moss").await?;
    // From the telephone, at first without a line.
    phone.waits_until("[...document.querySelectorAll('.room-name')].some(name => name.textContent === 'moss')").await?;
    phone.chooses("second stone", "Forward…").await?;
    phone.types("#gathered input[type=search]", "mo").await?;
    phone.sees_text("#gathered .entry bdi", "moss").await?;
    phone.pictures("forward-360").await?;
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    phone.presses(Key::Enter).await?;
    phone.waits_until("document.querySelector('#gathered .trouble').textContent !== ''").await?;
    cable.plug();
    phone.is_back_online().await?;
    phone.presses(Key::Enter).await?;
    for window in [&desk, &bob, &phone] {
        window.hears("second stone").await?;
        window.waits_until(FORWARDED).await?;
        assert!(window.holds("document.querySelectorAll('.forwarded').length === 1").await?);
    }
    desk.pictures("forwarded-1280").await?;
    phone.pictures("forwarded-360").await?;
    bob.driver.refresh().await?;
    bob.waits_until(FORWARDED).await?;
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}
