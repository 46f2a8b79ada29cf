//! Everything that can be looked up, one file for each question. Nothing here changes anything.

mod directory;
mod hello;
mod history;
mod members;
mod resume;
mod whose_session;

pub(crate) use directory::directory;
pub(crate) use hello::hello;
pub(crate) use history::{From, history};
pub(crate) use members::{members, room};
pub(crate) use resume::{Resumed, may_listen, resume};
pub(crate) use whose_session::whose_session;
