//! What runs by itself, beside the doors.

mod follow;
mod look;

pub(crate) use follow::follow;
pub(crate) use look::look;
