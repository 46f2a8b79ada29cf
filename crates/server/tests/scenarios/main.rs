//! Scenes in a whole house: a real listener, a real database, and the cast.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod doors;
mod house;
mod talking;
