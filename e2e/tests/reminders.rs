//! A reminder comes at its time: on two devices at once, after a reload, and to one that was without a line.

use e2e::{Browser, Cable, Server, Window};
use serde_json::json;
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

/// Wants to be reminded of the message that says this, a second from now: the field takes no minute for an answer.
async fn wants_to_be_reminded(window: &Window, text: &str) -> WebDriverResult<()> {
    opens_the_plan(window, text).await?;
    let set = "const field = document.querySelector('#plan-moment'); field.step = 1; \
               const at = new Date(Date.now() + 1500 - new Date().getTimezoneOffset() * 60000); \
               field.value = at.toISOString().slice(0, 19); \
               document.querySelector('.plan-exact').requestSubmit()";
    window.driver.execute(set, Vec::new()).await.map(drop)
}

async fn opens_the_plan(window: &Window, text: &str) -> WebDriverResult<()> {
    window.chooses(text, "Remind me").await?;
    window.sees_text("#plan[open] blockquote", text).await
}

/// The notes to oneself have this many messages, each with the way to what it reminds of.
fn noted(texts: &[&str]) -> String {
    format!(
        "JSON.stringify([...document.querySelectorAll('.message-text')] \
         .map(one => [one.textContent.split('⏰ ')[1].split(/[\\n]|http/)[0], one.querySelector('a[href*=\"/messages/\"]') !== null])) \
         === JSON.stringify({})",
        json!(texts.iter().map(|text| (text, true)).collect::<Vec<_>>())
    )
}

/// The notes stand out in the sidebar.
const BADGE: &str = "document.querySelector('.room-link .unread')?.textContent === '•'";

fn told(text: &str) -> String {
    format!("window.shown.some(one => one.body.startsWith('⏰ {text}'))")
}

#[tokio::test]
async fn a_reminder_comes_at_its_time_to_all_devices_and_to_one_that_was_away() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let desk = browser.open("desk", 1280, 800).await?;
    desk.signs_up(&server.base, "alice", PASSWORD).await?;
    desk.joins("stones").await?;
    for text in ["water the moss", "turn the stones"] {
        desk.says(text).await?;
        desk.hears(text).await?;
    }
    let phone = browser.open("phone", 360, 740).await?;
    phone.logs_in(&cable.base, "alice", PASSWORD).await?;
    phone.goes_to(&format!("{}/rooms/", cable.base)).await?;
    phone.opens("stones").await?;
    phone.hears("turn the stones").await?;
    for window in [&desk, &phone] {
        window.driver.execute(WATCH, Vec::new()).await?;
    }

    // Both have the room before them in which the message stands, and both are told.
    wants_to_be_reminded(&desk, "water the moss").await?;
    desk.waits_until("!document.querySelector('#plan').open").await?;
    for window in [&desk, &phone] {
        window.waits_until(&told("water the moss")).await?;
        window.waits_until(BADGE).await?;
    }
    desk.pictures("reminded-1280").await?;
    desk.driver.execute("window.shown[0].onclick()", Vec::new()).await?;
    desk.waits_until(&noted(&["water the moss"])).await?;
    desk.pictures("reminder-1280").await?;
    for window in [&desk, &phone] {
        window.sees_no(".room-link .unread").await?;
    }

    // One that is without a line is told when it is back, and says meanwhile that it cannot plan anything.
    cable.pull();
    phone.sees("[data-connection=offline]").await?;
    opens_the_plan(&phone, "turn the stones").await?;
    phone.driver.execute("document.querySelector('#plan .plan-spans button').click()", Vec::new()).await?;
    phone.waits_until("/[a-z]{3}.*\\.$/.test(document.querySelector('#plan .trouble').textContent)").await?;
    phone.pictures("remind-offline-360").await?;
    phone.presses(Key::Escape).await?;
    desk.opens("stones").await?;
    wants_to_be_reminded(&desk, "turn the stones").await?;
    desk.waits_until(&told("turn the stones")).await?;
    assert!(phone.holds(&format!("!({BADGE})")).await?, "it has no line");
    cable.plug();
    phone.is_back_online().await?;
    phone.waits_until(BADGE).await?;
    phone.driver.refresh().await?;
    phone.waits_until(BADGE).await?;

    // What was planned stands in the notes once, on both and after a reload; and leads to its message.
    for (window, base) in [(&desk, &server.base), (&phone, &cable.base)] {
        window.goes_to(&format!("{base}/rooms/")).await?;
        window.opens("Notes to yourself").await?;
        for _ in 0..2 {
            window.waits_until(&noted(&["water the moss", "turn the stones"])).await?;
            window.driver.refresh().await?;
        }
    }
    for window in [&desk, &phone] {
        window.sees_no(".room-link .unread").await?;
    }
    phone.pictures("reminders-360").await?;
    let link = "document.querySelector('.message-text a[href*=\"/messages/\"]').href";
    let link =
        desk.driver.execute(format!("return {link}"), Vec::new()).await?.json().as_str().unwrap_or_default().to_owned();
    desk.goes_to(&link).await?;
    desk.waits_until("document.activeElement.querySelector('.message-text')?.textContent === 'water the moss'").await?;
    desk.closes().await?;
    phone.closes().await
}
