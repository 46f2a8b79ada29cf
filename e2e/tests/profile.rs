//! What people tell of themselves is on everybody's screen at once.

use e2e::{Browser, Server};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

#[tokio::test]
async fn a_profile_changes_on_the_other_screen_without_reload() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    alice.says("hello").await?;
    bob.hears("hello").await?;
    bob.driver.execute("window.notReloaded = true", Vec::new()).await?;
    assert_eq!(bob.sees(".author").await?.text().await?, "alice");
    bob.sees("#composer textarea").await?.send_keys("half a word").await?;

    alice.clicks(".account-button").await?;
    alice.clicks("#edit-profile").await?;
    alice.types("#profile-display", "Alice Liddell").await?;
    alice.types("#profile-username", "liddell").await?;
    alice.types("#profile-about", "Curiouser and curiouser").await?;
    alice.types("#profile-status", "Down the hole").await?;
    let zone = "const zone = document.getElementById('profile-zone'); zone.value = 'Asia/Tokyo'";
    alice.driver.execute(zone, Vec::new()).await?;
    alice.pictures("profile-1280").await?;
    alice.clicks("#profile button[type=submit]").await?;
    alice.sees_no("#profile[open]").await?;

    // What was said before is by the new name, and what was being written stands.
    bob.driver
        .query(By::Css(".author"))
        .wait(std::time::Duration::from_secs(20), std::time::Duration::from_millis(50))
        .with_text("Alice Liddell")
        .first()
        .await?
        .click()
        .await?;
    let card = bob.sees("#card:popover-open").await?;
    bob.sees("#card .card-status").await?;
    let words = card.text().await?;
    for told in ["Alice Liddell", "@liddell", "Curiouser and curiouser", "Down the hole", "(Tokyo)"] {
        assert!(words.contains(told), "{told} is not in {words:?}");
    }
    bob.pictures("card-360").await?;
    assert!(bob.holds("window.notReloaded === true").await?, "the page was reloaded");
    assert!(bob.holds("document.querySelector('#composer textarea').value === 'half a word'").await?);

    // The card leads to the chat of the two; there the status stands beside the name, also when it changes.
    bob.clicks("#card .primary").await?;
    bob.sees("#room-name .name").await?;
    assert_eq!(bob.sees("#room-name").await?.text().await?, "Alice Liddell");
    bob.sees(".room-status").await?;
    alice.clicks(".account-button").await?;
    alice.clicks("#edit-profile").await?;
    alice.types("#profile-status", "Back again").await?;
    alice.clicks("#profile button[type=submit]").await?;
    bob.driver
        .query(By::Css(".room-status"))
        .wait(std::time::Duration::from_secs(20), std::time::Duration::from_millis(50))
        .with_text("Back again")
        .first()
        .await?;
    // She is who she was: a reload shows the same, and her own words are still hers.
    alice.driver.refresh().await?;
    alice.hears("hello").await?;
    assert_eq!(alice.driver.find_all(By::Css(".message[data-own=true]")).await?.len(), 1);
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}
