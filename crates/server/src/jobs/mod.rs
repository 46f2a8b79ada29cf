//! What runs by itself, beside the doors.

mod fill_index;
mod follow;
mod look;
mod push;
mod say_due;
mod sweep;
mod tell_hooks;

pub(crate) use fill_index::fill_index;
pub(crate) use follow::{Told, follow};
pub(crate) use look::look;
pub(crate) use push::push;
pub(crate) use say_due::say_due;
pub(crate) use sweep::sweep;
pub(crate) use tell_hooks::tell_hooks;
