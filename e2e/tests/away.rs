//! What others do while a device has no line is there when it is back, and after a reload; and what is done on it meanwhile is done then.

use e2e::{Browser, Cable, Server, Window};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// Alice at a desk, Bob, and Alice's telephone on a cable: all in front of what they said.
async fn begin(browser: &Browser, server: &Server, cable: &Cable) -> WebDriverResult<[Window; 3]> {
    let (desk, bob) = (browser.open("desk", 1280, 800).await?, browser.open("bob", 768, 900).await?);
    for (window, name) in [(&desk, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    for (window, text) in [(&desk, "granite"), (&bob, "slate"), (&desk, "flint"), (&bob, "chalk")] {
        window.says(text).await?;
        for other in [&desk, &bob] {
            other.hears(text).await?;
        }
    }
    let phone = browser.open("phone", 360, 740).await?;
    phone.logs_in(&cable.base, "alice", PASSWORD).await?;
    phone.goes_to(&format!("{}/rooms/", cable.base)).await?;
    phone.opens("stones").await?;
    phone.hears("chalk").await?;
    // The menus' code comes when the page has come to rest: from then on it needs no line.
    phone.waits_until("document.querySelector('#message-menu') !== null").await?;
    Ok([desk, bob, phone])
}

/// The message that says this has this.
fn has(text: &str, css: &str) -> String {
    format!(
        "[...document.querySelectorAll('.message')].find(row => row.querySelector('.message-text')?.textContent === {text:?}) \
         ?.querySelector({css:?})"
    )
}

async fn commands(window: &Window, text: &str) -> WebDriverResult<()> {
    let field = window.sees("#composer textarea").await?;
    field.send_keys(text).await?;
    window.waits_until("document.querySelector('#emoji-codes').hidden").await?;
    field.send_keys("" + Key::Enter).await
}

#[tokio::test]
async fn what_others_did_meanwhile_is_there_when_the_line_is_back() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let [desk, bob, phone] = begin(&browser, &server, &cable).await?;
    cable.pull();
    phone.sees("[data-connection=offline]").await?;

    bob.chooses("granite", "Reply").await?;
    bob.says("the hardest").await?;
    bob.chooses("flint", "Pin").await?;
    bob.chooses("slate", "Delete").await?;
    bob.clicks("#deleting .danger").await?;
    commands(&bob, "/poll Which? | Granite | Flint").await?;
    bob.says("**@alice** chooses").await?;
    desk.waits_until("document.querySelector('.message:last-child .mention-me')").await?;
    commands(&desk, "/topic What lies about").await?;
    desk.sees_text(".room-head .room-about", "What lies about").await?;
    desk.clicks("#bell").await?;
    desk.clicks("#favourite").await?;
    desk.clicks("#bell-menu label:last-child input").await?;
    desk.waits_until("document.querySelector('#bell').dataset.notify === 'nothing'").await?;
    desk.presses(Key::Escape).await?;

    let all = [
        has("the hardest", ".quote"),
        has("granite", ".replies"),
        has("flint", ".pinned"),
        "document.querySelectorAll('.poll-answer').length === 2".to_owned(),
        "document.querySelector('.message:last-child .mention-me')".to_owned(),
        "!document.querySelector('.rows').textContent.includes('slate')".to_owned(),
        "document.querySelector('.room-head .room-about').textContent === 'What lies about'".to_owned(),
        "document.querySelector('#bell').dataset.notify === 'nothing'".to_owned(),
        "document.querySelector('.rooms ul .room-name').textContent === 'stones'".to_owned(),
    ];
    assert!(phone.holds(&format!("!({} || {})", all[0], all[2])).await?, "it has no line");
    cable.plug();
    phone.is_back_online().await?;
    for window in [&phone, &desk] {
        for there in &all {
            window.waits_until(there).await?;
        }
        window.driver.refresh().await?;
        for there in &all {
            window.waits_until(there).await?;
        }
    }
    // The thread is whole on the telephone, and a word more comes to it.
    phone.chooses("granite", "Show the thread").await?;
    phone.sees_text("#gathered .gathered-list .message-text", "the hardest").await?;
    bob.chooses("granite", "Reply").await?;
    bob.says("by far").await?;
    phone.sees_text("#gathered .gathered-list .message-text", "by far").await?;
    phone.pictures("thread-360").await?;
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_done_without_a_line_is_done_for_all_when_it_is_back() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let [desk, bob, phone] = begin(&browser, &server, &cable).await?;
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    phone.chooses("slate", "Reply").await?;
    phone.says("it splits").await?;
    phone.chooses("chalk", "Pin").await?;
    // What cannot be undone waits for a line.
    phone.chooses("flint", "Delete").await?;
    phone.sees("#deleting .danger:disabled").await?;
    phone.presses(Key::Escape).await?;
    let all = [has("it splits", ".quote"), has("chalk", ".pinned")];
    // The rest shows at once where it was done.
    for there in &all {
        phone.waits_until(there).await?;
    }
    assert!(bob.holds(&format!("!({} || {})", all[0], all[1])).await?, "it has no line");
    cable.plug();
    phone.is_back_online().await?;
    for window in [&bob, &desk, &phone] {
        for there in &all {
            window.waits_until(there).await?;
        }
        window.driver.refresh().await?;
        for there in &all {
            window.waits_until(there).await?;
        }
        assert!(window.holds("document.querySelectorAll('.quote').length === 1").await?, "it is said once");
    }
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn whom_one_ignores_is_covered_on_the_device_that_was_away_too() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let [desk, bob, phone] = begin(&browser, &server, &cable).await?;
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    desk.waits_until("document.querySelector('#card') !== null").await?;
    desk.driver.execute("document.querySelector('.message[data-own=false] .author.name').click()", Vec::new()).await?;
    let ignore =
        "[...document.querySelectorAll('#card:popover-open .regard button')].find(one => one.textContent === 'Ignore')";
    desk.waits_until(ignore).await?;
    desk.driver.execute(format!("{ignore}.click()"), Vec::new()).await?;
    let covered = "[...document.querySelectorAll('.bubble')].filter(one => one.textContent.startsWith('Somebody you ignore')).length === 2 \
        && !/slate|chalk/.test(document.querySelector('.rows').textContent)";
    desk.waits_until(covered).await?;
    assert!(phone.holds(&format!("!({covered})")).await?, "it has no line");
    cable.plug();
    phone.is_back_online().await?;
    for window in [&phone, &desk] {
        window.waits_until(covered).await?;
        window.driver.refresh().await?;
        window.waits_until(covered).await?;
    }
    assert!(!bob.holds(covered).await?, "who is ignored does not see it");
    for window in [desk, bob, phone] {
        window.closes().await?;
    }
    Ok(())
}
