//! What runs by itself, beside the doors.

mod fill_index;
mod follow;
mod look;
mod push;
mod say_due;
mod sweep;

pub(crate) use fill_index::fill_index;
pub(crate) use follow::follow;
pub(crate) use look::look;
pub(crate) use push::push;
pub(crate) use say_due::say_due;
pub(crate) use sweep::sweep;
