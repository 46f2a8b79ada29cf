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
    bob.waits_until("document.querySelector('.author').textContent === 'Alice Liddell'").await?;
    bob.clicks(".author").await?;
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
    bob.waits_until("document.querySelector('.room-status')?.textContent.includes('Back again')").await?;
    // She is who she was: a reload shows the same, and her own words are still hers.
    alice.driver.refresh().await?;
    alice.hears("hello").await?;
    assert_eq!(alice.driver.find_all(By::Css(".message[data-own=true]")).await?.len(), 1);
    for window in [alice, bob] {
        window.closes().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_picture_of_oneself_is_cut_out_and_shown_to_the_others() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 360, 740).await?;
    let bob = browser.open("bob", 768, 900).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    bob.clicks(".members-button").await?;
    bob.sees(".people li:nth-child(2) .avatar span").await?;

    alice.clicks(".back").await?;
    alice.clicks(".account-button").await?;
    alice.clicks("#edit-profile").await?;
    alice.sees("#profile .portrait-now").await?;
    // Half of it is red and half of it blue: what is cut out of its left side is red.
    let chosen = "const done = arguments[0];
        const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 400 });
        const paint = canvas.getContext('2d');
        paint.fillStyle = 'rgb(220, 0, 0)'; paint.fillRect(0, 0, 400, 400);
        paint.fillStyle = 'rgb(0, 0, 220)'; paint.fillRect(400, 0, 400, 400);
        canvas.toBlob((blob) => {
          const carried = new DataTransfer();
          carried.items.add(new File([blob], 'me.png', { type: 'image/png' }));
          const field = document.getElementById('portrait-file'); field.files = carried.files;
          field.dispatchEvent(new Event('change', { bubbles: true }));
          done(true);
        });";
    alice.driver.execute_async(chosen, Vec::new()).await?;
    let window = alice.sees(".portrait-window").await?;
    alice.waits_until("document.querySelector('.portrait-window img').naturalWidth === 800").await?;
    window.focus().await?;
    // The picture goes to the right until its left side fills the window.
    for _ in 0..12 {
        alice.presses(Key::Right).await?;
    }
    alice.pictures("portrait-360").await?;
    alice.clicks(".portrait-do .primary").await?;
    alice.sees("#profile .portrait-now img").await?;

    // Bob has the list open, and sees her in it.
    bob.waits_until("document.querySelector('.people .avatar img')?.naturalWidth === 64").await?;
    let color = "const done = arguments[0]; const image = document.querySelector('.people .avatar img');
        const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
        const paint = canvas.getContext('2d'); paint.drawImage(image, 32, 32, 1, 1, 0, 0, 1, 1);
        done([...paint.getImageData(0, 0, 1, 1).data.slice(0, 3)]);";
    let [red, green, blue]: [u8; 3] = bob.driver.execute_async(color, Vec::new()).await?.convert()?;
    assert!(red > 180 && green < 60 && blue < 60, "{red} {green} {blue}: the side that was moved into the window");
    bob.pictures("portrait-seen-768").await?;

    alice.driver.query(By::Css("#profile .portrait-now .quiet")).first().await?.click().await?;
    bob.sees_no(".people .avatar img").await?;
    for window in [alice, bob] {
        window.closes().await?;
    }
    drop(server);
    Ok(())
}
