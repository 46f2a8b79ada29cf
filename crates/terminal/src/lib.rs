//! A client of Stonechat for terminals: rooms, timeline, composer, ticks and a bell, over ssh at 80 columns and 24 rows as well.
//!
//! The engine and its driver are `client`'s. Here are the parts around them, each for itself: [`desk`] says what a key brings about,
//! [`view`] draws, [`text`] makes words of others fit for a terminal, [`screen`] takes the terminal and gives it back, and `run`
//! ties them together. No file or picture is shown, and none is sent.

mod command;
mod composer;
mod desk;
mod lines;
mod log_in;
mod rooms;
mod run;
#[cfg(test)]
mod scene;
mod screen;
mod text;
mod view;

use anyhow::Context as _;
use client::driver::{Driver, Server, Token};
use std::time::Duration;
use tokio::time::timeout;

/// How long it may take to end the session after the person went.
const LOG_OUT_PATIENCE: Duration = Duration::from_secs(3);

/// Talks to the server at this address until the person goes. Without a token they are asked for name and password at the terminal,
/// and the session that this makes ends with the program.
///
/// An error says what went wrong in words for the person; the terminal has been given back by then.
pub async fn chat(address: &str, token: Option<String>) -> anyhow::Result<()> {
    log_in::need_a_terminal()?;
    let server = Server::at(address)?;
    let (token, made) = match token {
        Some(token) => (Token::new(token), false),
        None => (log_in::log_in(&server).await?, true),
    };
    let ended = run::run(Driver::new(server.clone(), token.clone())?).await;
    if made {
        // A session that cannot be ended now grows old by itself.
        let _ = timeout(LOG_OUT_PATIENCE, server.log_out(&token)).await;
    }
    ended.context("The chat is over")
}
