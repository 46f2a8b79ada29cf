//! Two people in a chat of their own: from the list of people to ticks, presence and typing, across an absence, and across a
//! reload without a network.

use e2e::{Browser, Cable, Server, Window};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

#[tokio::test]
async fn two_people_find_each_other_and_see_how_far_each_word_has_come() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    bob.signs_up(&cable.base, "bob", PASSWORD).await?;

    // Bob has the list of rooms before him: what alice says comes to his device, and he has not read it.
    alice.opens_chat_with("bob").await?;
    alice.says("hello bob").await?;
    alice.sees_last("delivered").await?;
    alice.sees("#presence[data-presence=online]").await?;
    bob.opens("alice").await?;
    bob.hears("hello bob").await?;
    alice.sees_last("read").await?;
    bob.sees("#composer textarea").await?.send_keys("hello").await?;
    alice.sees(".typing bdi").await?;
    bob.says(" alice").await?;
    alice.hears("hello alice").await?;
    bob.sees_last("read").await?;
    alice.sees_no(".typing bdi").await?;
    alice.pictures("direct-1280").await?;
    bob.pictures("direct-360").await?;

    // Bob goes to the list of rooms, and his network goes away.
    bob.clicks(".back").await?;
    bob.sees("#new-chat").await?;
    cable.pull();
    let presence = alice.sees("#presence[data-presence=offline]").await?;
    assert!(presence.text().await?.starts_with("last seen today at"), "{}", presence.text().await?);
    alice.says("are you there?").await?;
    alice.sees_last("kept").await?;

    // It comes back: his device has the message, and when he looks at the chat he has read it.
    cable.plug();
    bob.is_back_online().await?;
    alice.sees_last("delivered").await?;
    alice.sees("#presence[data-presence=online]").await?;
    bob.opens("alice").await?;
    bob.hears("are you there?").await?;
    alice.sees_last("read").await?;

    let said = ["hello bob", "hello alice", "are you there?"];
    for window in [alice, bob] {
        window.driver.refresh().await?;
        window.hears("are you there?").await?;
        assert_eq!(window.texts().await?, said);
        window.closes().await?;
    }
    drop(server);
    Ok(())
}

#[tokio::test]
async fn what_is_written_offline_survives_a_reload_and_arrives_once_in_order() -> WebDriverResult<()> {
    let server = Server::start();
    let (browser, cable) = (Browser::start(), Cable::to(&server.base));
    let bob = browser.open("bob", 768, 900).await?;
    bob.signs_up(&server.base, "bob", PASSWORD).await?;
    let alice = browser.open("alice", 1280, 800).await?;
    alice.signs_up(&cable.base, "alice", PASSWORD).await?;
    alice.opens_chat_with("bob").await?;
    alice.says("before").await?;
    alice.sees_last("delivered").await?;
    alice.keeps_the_app().await?;

    cable.pull();
    alice.sees("[data-connection=offline]").await?;
    for text in ["one", "two", "three"] {
        alice.says(text).await?;
        alice.hears(text).await?;
    }
    alice.sees_last("sending").await?;
    alice.driver.refresh().await?;
    alice.hears("three").await?;
    assert_eq!(alice.texts().await?, ["one", "two", "three"]);
    alice.sees_last("sending").await?;
    alice.pictures("offline-1280").await?;
    // What comes later is kept, too, and no click on the way to it is lost.
    alice.clicks("button[popovertarget=emoji-panel]").await?;
    alice.sees("#emoji-panel:popover-open").await?;
    alice.driver.active_element().await?.send_keys("" + Key::Escape).await?;
    alice.sees_no("#emoji-panel:popover-open").await?;

    cable.plug();
    alice.is_back_online().await?;
    alice.sees("[data-connection=online]").await?;
    alice.sees_last("delivered").await?;
    bob.opens("alice").await?;
    bob.hears("three").await?;
    alice.sees_last("read").await?;
    for window in [&alice, &bob] {
        assert_eq!(window.texts().await?, ["before", "one", "two", "three"]);
    }
    let nothing = "Object.keys(localStorage).every(name => !name.startsWith('stonechat.unsent.'))";
    assert!(alice.holds(nothing).await?, "something is still kept on the device");
    alice.closes().await?;
    bob.closes().await
}

#[tokio::test]
async fn what_is_unread_is_counted_and_marked_and_receipts_can_be_switched_off() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 1280, 800).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    bob.signs_up(&server.base, "bob", PASSWORD).await?;
    alice.opens_chat_with("bob").await?;
    alice.says("before").await?;
    bob.opens("alice").await?;
    alice.sees_last("read").await?;
    bob.clicks(".brand a").await?;
    bob.sees(".welcome").await?;

    for text in ["one", "two", "three"] {
        alice.says(text).await?;
    }
    alice.sees_last("delivered").await?;
    bob.sees(".room-link[data-unread='3']").await?;
    assert!(bob.driver.title().await?.starts_with("(3) "), "{}", bob.driver.title().await?);
    bob.opens("alice").await?;
    bob.sees(".day[data-new]").await?;
    bob.sees_no(".room-link[data-unread]").await?;
    alice.sees_last("read").await?;

    // Bob does not tell any more, and is not told.
    switch_receipts(&bob).await?;
    alice.says("four").await?;
    bob.hears("four").await?;
    bob.says("and I read it").await?;
    alice.hears("and I read it").await?;
    assert_eq!(state_of(&alice, "four").await?, "kept");
    alice.says("I read yours").await?;
    bob.hears("I read yours").await?;
    assert_eq!(state_of(&bob, "and I read it").await?, "kept");
    // What was read in silence is not told afterwards, but what is read from now on is; and he is told again.
    switch_receipts(&bob).await?;
    bob.sees(".message[data-own=true][data-state=read]").await?;
    alice.says("five").await?;
    bob.hears("five").await?;
    alice.sees_last("read").await?;
    alice.closes().await?;
    bob.closes().await
}

async fn switch_receipts(window: &Window) -> WebDriverResult<()> {
    window.clicks(".account-button").await?;
    let before = window.sees("#receipts").await?.is_selected().await?;
    window.clicks("#receipts").await?;
    // The server has said yes, too.
    window.sees(&format!(".setting[data-receipts={}]", if before { "off" } else { "on" })).await?;
    window.clicks(".account-button").await
}

async fn state_of(window: &Window, text: &str) -> WebDriverResult<String> {
    let find = "return [...document.querySelectorAll('.message')] \
         .find(message => message.querySelector('.message-text').textContent === arguments[0]).dataset.state";
    window.driver.execute(find, vec![text.into()]).await?.convert()
}
