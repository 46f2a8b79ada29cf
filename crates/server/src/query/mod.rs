//! Everything that can be looked up, one file for each question. Nothing here changes anything.

mod directory;
mod edits;
mod file;
mod hello;
mod history;
mod marks;
mod members;
mod people;
mod person;
mod pins;
mod portrait;
mod resume;
mod scheduled;
mod search;
mod shared;
mod sight;
mod thread;
mod whose_session;

pub(crate) use directory::directory;
pub(crate) use edits::edits;
pub(crate) use file::file;
pub(crate) use hello::hello;
pub(crate) use history::{From, history};
pub(crate) use marks::marks;
pub(crate) use members::{members, room};
pub(crate) use people::people;
pub(crate) use person::person;
pub(crate) use pins::pins;
pub(crate) use portrait::portrait;
pub(crate) use resume::{Resumed, may_listen, resume};
pub(crate) use scheduled::scheduled;
pub(crate) use search::{Wanted, search};
pub(crate) use shared::shared;
pub(crate) use sight::sight;
pub(crate) use thread::thread;
pub(crate) use whose_session::whose_session;
