//! A bot that rolls dice. Make an account for it, then:
//!
//! ```sh
//! BOT_PASSWORD='two stones struck together' cargo run -p stonechat-client --features tokio --example dice_bot -- \
//!     http://127.0.0.1:8000 dicebot lobby
//! ```
//!
//! Whoever says `!dice` in that room is told a number from 1 to 6. A bot of one's own begins as a copy of this file.
#![expect(clippy::print_stderr, reason = "a program of its own may speak to its terminal")]

use std::{collections::hash_map::RandomState, env, error::Error, hash::BuildHasher};

use client::driver::{News, Server, connect};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, address, name, room] = arguments.as_slice() else {
        return Err("Say the server's address, the bot's name and a room.".into());
    };
    let server = Server::at(address)?;
    let token = server.log_in(name, &env::var("BOT_PASSWORD")?).await?;
    let (handle, mut inbox) = connect(server.clone(), token.clone()).await?;
    let room = handle.join(room).await?;
    handle.post(room, "Say !dice, and I roll.").await?;

    let ended = async {
        while let Some(news) = inbox.next().await {
            match news {
                News::Message { room, message } if message.said.text.as_str().trim() == "!dice" => {
                    let dice = RandomState::new().hash_one(message.seq) % 6 + 1;
                    handle.post(room, &format!("@{} {dice}", message.said.author.name)).await?;
                }
                News::Message { .. } | News::Rooms => {}
                News::Missed { after, until, .. } => eprintln!("Nothing was heard between {after} and {until}."),
                News::Connection(state) => eprintln!("{state:?}"),
            }
        }
        Ok::<(), Box<dyn Error>>(())
    };
    tokio::select! {
        ended = ended => ended?,
        _ = tokio::signal::ctrl_c() => {}
    }
    handle.close().await;
    Ok(server.log_out(&token).await?)
}
