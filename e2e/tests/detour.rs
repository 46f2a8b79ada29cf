//! Where no socket comes through, the app goes by polls, says so, and comes back: nothing is lost, and nothing twice.

use std::time::{Duration, Instant};

use e2e::{Browser, Cable, Server};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";
const SAYS_SO: &str = "document.querySelector('.connection-words').textContent.startsWith('No live connection')";
/// From the moment when sockets are cut until everything is there by polls.
const AT_MOST: Duration = Duration::from_secs(5);

#[tokio::test]
async fn polls_stand_in_for_sockets_and_nothing_is_lost_or_twice() -> WebDriverResult<()> {
    let server = Server::start();
    let cable = Cable::to(&server.base);
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 360, 740).await?;
    alice.signs_up(&server.base, "alice", PASSWORD).await?;
    alice.joins("quarry").await?;
    bob.signs_up(&cable.base, "bob", PASSWORD).await?;
    bob.joins("quarry").await?;
    alice.says("by a socket").await?;
    bob.hears("by a socket").await?;
    // The file with what is needed for polls comes when the page rests.
    bob.waits_until("performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length > 1")
        .await?;

    let cut = Instant::now();
    cable.cut_sockets();
    alice.says("while it was cut").await?;
    bob.waits_until(SAYS_SO).await?;
    bob.hears("while it was cut").await?;
    assert!(cut.elapsed() < AT_MOST, "{:?}", cut.elapsed());
    bob.pictures("detour-360").await?;
    // Both ways.
    bob.says("by polls").await?;
    alice.hears("by polls").await?;
    bob.sees_last("kept").await?;
    alice.says("heard").await?;
    bob.hears("heard").await?;

    // A page that is opened anew finds its way, too.
    bob.driver.refresh().await?;
    bob.waits_until(SAYS_SO).await?;
    alice.says("after a reload").await?;
    bob.hears("after a reload").await?;

    // A socket comes through again. It would be found by itself, within a minute; what the browser knows makes it sooner.
    cable.mend_sockets();
    bob.is_back_online().await?;
    bob.waits_until(&format!("!({SAYS_SO}) && document.querySelector('[data-connection=online]')")).await?;
    alice.says("by a socket again").await?;
    bob.hears("by a socket again").await?;
    let all = ["by a socket", "while it was cut", "by polls", "heard", "after a reload", "by a socket again"];
    for window in [&alice, &bob] {
        assert_eq!(window.texts().await?, all);
    }
    alice.closes().await?;
    bob.closes().await
}
