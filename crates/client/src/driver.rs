//! A driver for programs: it performs on tokio what the engine wants, over HTTP and a WebSocket, as the app's does in a browser.
//!
//! Two ways lead in. [`connect`] is for bots: a task of its own keeps the line, and gives a [`Handle`] to say things by and an
//! [`Inbox`] of what happens. [`Driver`] is for programs that show something: they hold the whole [`Client`](crate::Client),
//! read from it what there is to see, and give it what their person does.
//!
//! ```no_run
//! # async fn run() -> Result<(), client::driver::Trouble> {
//! use client::driver::{News, Server, connect};
//!
//! let server = Server::at("https://chat.example.org")?;
//! let token = server.log_in("echo", "two stones struck together").await?;
//! let (handle, mut inbox) = connect(server, token).await?;
//! let room = handle.join("lobby").await?;
//! handle.post(room, "Here I am.").await?;
//! while let Some(news) = inbox.next().await {
//!     if let News::Message { room, message } = news {
//!         println!("{room}: {}", message.said.text.as_str());
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What is not here: a line without a socket (server-sent events, polls), files, pushes, proxies on the way out, and anything
//! kept on a disk. What was posted and not acknowledged when the program ends is the program's to say again.

mod clock;
mod engine;
mod news;
mod server;
mod socket;
mod talk;
mod trouble;

pub use clock::wall;
pub use engine::Driver;
pub use news::{Inbox, News};
pub use server::{Server, Token};
pub use talk::{Handle, connect};
pub use trouble::Trouble;
