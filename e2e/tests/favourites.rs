//! Favourites stand above the other chats, on all devices of their person.

use e2e::{Browser, Server};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// The chats in the sidebar from the top, the favourites before a bar.
const LISTED: &str = "[...document.querySelectorAll('.rooms ul')].map((list) =>
    [...list.querySelectorAll('.room-name')].map((name) => name.textContent).sort().join()).join('|')";

#[tokio::test]
async fn a_favourite_stands_above_the_others_on_every_device() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let desk = browser.open("desk", 1280, 800).await?;
    desk.signs_up(&server.base, "alice", PASSWORD).await?;
    for room in ["sticks", "stones", "moss"] {
        desk.joins(room).await?;
    }
    let phone = browser.open("phone", 360, 740).await?;
    phone.logs_in(&server.base, "alice", PASSWORD).await?;
    phone.waits_until(&format!("{LISTED} === '||general,moss,sticks,stones'")).await?;

    // By the menu of the open room.
    desk.clicks("#bell").await?;
    desk.clicks("#favourite").await?;
    for window in [&desk, &phone] {
        window.waits_until(&format!("{LISTED} === 'moss||general,sticks,stones'")).await?;
    }
    desk.pictures("favourite-menu-1280").await?;
    phone.pictures("favourites-360").await?;
    desk.presses(Key::Escape).await?;

    // By the keyboard, while the other device is away.
    phone.goes_to("about:blank").await?;
    desk.opens("sticks").await?;
    let keys = desk.driver.action_chain().key_down(Key::Control).key_down(Key::Shift).send_keys("l");
    keys.key_up(Key::Shift).key_up(Key::Control).perform().await?;
    desk.waits_until(&format!("{LISTED} === 'moss,sticks||general,stones'")).await?;
    desk.pictures("favourites-1280").await?;
    phone.goes_to(&server.base).await?;
    phone.waits_until(&format!("{LISTED} === 'moss,sticks||general,stones'")).await?;
    desk.driver.refresh().await?;
    desk.waits_until(&format!("{LISTED} === 'moss,sticks||general,stones'")).await?;
    desk.clicks("#bell").await?;
    desk.clicks("#favourite").await?;
    phone.waits_until(&format!("{LISTED} === 'moss||general,sticks,stones'")).await?;
    desk.closes().await?;
    phone.closes().await
}
