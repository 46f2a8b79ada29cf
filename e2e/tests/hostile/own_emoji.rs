//! The names of the server's own emoji, which administrators give.

use e2e::Browser;
use testkit::cast::{Guest, PASSWORD};
use thirtyfour::prelude::*;

use crate::{act_on, becomes, logged, reports, texts, watched};

#[tokio::test]
async fn what_an_emoji_is_to_be_called_is_a_name_or_refused_in_words() -> WebDriverResult<()> {
    let server = logged(&[]);
    server.makes_administrator("alice", PASSWORD);
    let alice = Guest::logs_in(&server.base, "alice");
    let room = alice.joins("quarry");
    let browser = Browser::start();
    let window = watched(&browser, "alice", 360, 740).await?;
    becomes(&window, &server, &alice, &format!("/rooms/{room}")).await?;
    let wrong = act_on(&window, room, &texts().join(", "), "names_emoji(texts)").await?;
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(reports(&server), 0, "a browser reported a breach of the policy");
    window.closes().await
}
