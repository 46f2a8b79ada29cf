//! What runs by itself, beside the doors.

mod follow;
mod look;
mod sweep;

pub(crate) use follow::follow;
pub(crate) use look::look;
pub(crate) use sweep::sweep;
