//! Scenes in a whole house: a real listener, a real database, and the cast.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod bots;
mod conversation;
mod custom_emoji;
mod direct;
mod doors;
mod files;
mod house;
mod instant;
mod marks;
mod openapi;
mod personal;
mod plain;
mod presence;
mod previews;
mod profiles;
mod push;
mod regards;
mod room_prefs;
mod same_words;
mod scheduled;
mod search;
mod seeds;
mod talking;
mod topics;
mod transports;
