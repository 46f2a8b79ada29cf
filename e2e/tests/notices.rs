//! Somebody who looks elsewhere is told of a message at once, as far as they want to be.

use e2e::{Browser, Server};
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
