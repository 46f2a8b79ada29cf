//! Somebody who looks elsewhere is told of a message at once, as far as they want to be.

use e2e::{Browser, Cable, Server};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// Writes down what the page would have the browser show, and says that the person allowed it.
const WATCH: &str = "
    window.shown = [];
    window.Notification = class {
        static permission = 'granted';
        static requestPermission = async () => 'granted';
        constructor(title, options) { Object.assign(this, { title, ...options }); window.shown.push(this); }
        close() { this.closed = true; }
    }";

#[tokio::test]
async fn who_looks_at_another_room_is_told_and_a_click_leads_there() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 768, 800).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    bob.joins("sticks").await?;
    bob.driver.execute(WATCH, Vec::new()).await?;
    alice.says("**hello** there").await?;
    bob.waits_until("window.shown.length === 1").await?;
    bob.waits_until("shown[0].title === 'alice · stones' && shown[0].body === 'hello there'").await?;
    assert!(bob.holds("document.querySelector('#room-name').textContent.includes('sticks')").await?);
    bob.driver.execute("shown[0].onclick()", Vec::new()).await?;
    bob.waits_until("document.querySelector('#room-name').textContent.includes('stones')").await?;
    bob.hears("hello there").await?;

    // The bell in the head: nothing more of this room, on any device of Bob's, also after a reload.
    bob.clicks("#bell").await?;
    bob.sees("#bell-menu:popover-open").await?;
    bob.pictures("bell-768").await?;
    bob.clicks("#bell-menu label:last-child input").await?;
    bob.waits_until("document.querySelector('#bell').dataset.notify === 'nothing'").await?;
    bob.driver.refresh().await?;
    bob.waits_until("document.querySelector('#bell')?.dataset.notify === 'nothing'").await?;
    bob.joins("sticks").await?;
    bob.driver.execute(WATCH, Vec::new()).await?;
    alice.says("not for Bob now").await?;
    bob.waits_until("document.querySelector('.room-link .unread') !== null").await?;
    assert!(bob.holds("!document.title.startsWith('(')").await?, "the title calls");

    // The dialog says how it stands with the browser.
    bob.clicks(".account-button").await?;
    bob.clicks("#open-notifications").await?;
    bob.sees("#notifications[open] [data-leave=granted] #notify-shown").await?;
    bob.pictures("notifications-768").await?;

    // What comes later of another chat is told, and of the muted room nothing was.
    alice.opens_chat_with("bob").await?;
    alice.says("but this is").await?;
    bob.waits_until("window.shown.length === 1").await?;
    assert!(bob.holds("shown[0].title === 'alice' && shown[0].body === 'but this is'").await?);
    alice.closes().await?;
    bob.closes().await
}

#[tokio::test]
async fn quiet_hours_and_hidden_words_hold_on_all_devices() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let (desk, phone) = (browser.open("desk", 1280, 800).await?, browser.open("phone", 360, 740).await?);
    desk.signs_up(&server.base, "alice", PASSWORD).await?;
    phone.logs_in(&cable.base, "alice", PASSWORD).await?;
    for window in [&desk, &phone] {
        window.clicks(".account-button").await?;
        window.clicks("#open-notifications").await?;
        window.sees("#notifications[open] #quiet-on").await?;
    }
    let [quiet, hidden] = ["quiet-on", "notify-hidden"].map(|id| format!("document.getElementById('{id}')?.checked"));
    desk.clicks("#quiet-on").await?;
    desk.sees("#quiet-from").await?;
    phone.waits_until(&quiet).await?;
    phone.sees("#quiet-from").await?;
    phone.pictures("quiet-360").await?;

    // What is changed while a device has no line is so when it is back, and after a reload.
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    desk.clicks("#notify-hidden").await?;
    desk.waits_until(&hidden).await?;
    assert!(!phone.holds(&hidden).await?, "it has no line");
    cable.plug();
    phone.is_back_online().await?;
    phone.waits_until(&hidden).await?;
    for window in [&desk, &phone] {
        window.driver.refresh().await?;
        window.clicks(".account-button").await?;
        window.clicks("#open-notifications").await?;
        window.sees("#notifications[open] #quiet-from").await?;
        window.waits_until(&format!("{quiet} && {hidden}")).await?;
    }
    desk.closes().await?;
    phone.closes().await
}
