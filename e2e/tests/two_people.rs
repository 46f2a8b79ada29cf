//! Two people in two browsers on one server: each sees what the other says, in order, without reload, also across a restart.

use e2e::{Browser, Server, Window};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

#[tokio::test]
async fn two_people_talk_in_two_browsers() -> WebDriverResult<()> {
    let mut server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    bob.signs_up(&server.base, "bob", PASSWORD).await?;
    alice.joins("stones").await?;
    bob.joins("stones").await?;

    let mut said = Vec::new();
    for n in 0..4 {
        exchange(&alice, &bob, &format!("alice says {n}")).await?;
        exchange(&bob, &alice, &format!("bob says {n}")).await?;
        said.extend([format!("alice says {n}"), format!("bob says {n}")]);
    }
    assert_eq!(alice.texts().await?, said);
    assert_eq!(bob.texts().await?, said);
    assert_eq!(alice.driver.find_all(By::Css(".message[data-own=true]")).await?.len(), 4);

    // The server goes away and comes back; both go on by themselves.
    alice.driver.execute("window.notReloaded = true", Vec::new()).await?;
    server = server.restarted();
    exchange(&alice, &bob, "after the restart").await?;
    exchange(&bob, &alice, "still here").await?;
    said.extend(["after the restart".to_owned(), "still here".to_owned()]);
    assert_eq!(alice.texts().await?, said);
    assert_eq!(bob.texts().await?, said);
    assert!(alice.holds("window.notReloaded === true").await?, "the page was reloaded");

    // And a reload shows the same.
    alice.driver.refresh().await?;
    alice.hears("still here").await?;
    assert_eq!(alice.texts().await?, said);
    alice.pictures("two-people-1280").await?;
    bob.pictures("two-people-360").await?;
    for window in [alice, bob] {
        assert!(
            window.holds("document.documentElement.scrollWidth <= window.innerWidth").await?,
            "it scrolls sideways"
        );
        window.closes().await?;
    }
    drop(server);
    Ok(())
}

async fn exchange(from: &Window, to: &Window, text: &str) -> WebDriverResult<()> {
    from.says(text).await?;
    to.hears(text).await
}

#[tokio::test]
async fn enter_sends_and_shift_enter_breaks_the_line_and_blank_is_not_sent() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 768, 900).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("stones").await?;
    let composer = alice.sees("#composer textarea").await?;
    composer.send_keys("first line" + Key::Shift + Key::Enter).await?;
    composer.send_keys(Key::Shift + "").await?;
    composer.send_keys("second line").await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some("first line\nsecond line"));
    composer.send_keys("" + Key::Enter).await?;
    alice.hears("first line\nsecond line").await?;
    composer.send_keys("   ").await?;
    composer.send_keys("" + Key::Enter).await?;
    // Enter that ends a composition of an input method does neither: the text stays in the box.
    let composing = "const box = document.querySelector('#composer textarea'); box.value = 'に'; \
         box.dispatchEvent(new Event('input', {bubbles: true})); \
         box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})); \
         box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))";
    alice.driver.execute(composing, Vec::new()).await?;
    assert_eq!(composer.prop("value").await?.as_deref(), Some("に"));
    alice.driver.execute("document.querySelector('#composer textarea').value = ''", Vec::new()).await?;
    alice.says("the last").await?;
    alice.hears("the last").await?;
    assert_eq!(alice.texts().await?, ["first line\nsecond line", "the last"]);
    alice.closes().await
}

#[tokio::test]
async fn no_script_of_a_message_runs_and_no_policy_is_broken() -> WebDriverResult<()> {
    let server = Server::start();
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("<b>stones").await?;
    alice
        .driver
        .execute(
            "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective))",
            Vec::new(),
        )
        .await?;
    for hostile in
        ["<img src=x onerror='window.ran = true'>", "<script>window.ran = true</script>", "javascript:window.ran=true"]
    {
        alice.says(hostile).await?;
        alice.hears(hostile).await?;
    }
    assert!(alice.holds("window.ran === undefined && window.broken.length === 0").await?);
    alice.closes().await
}
