//! What runs by itself, beside the doors.

mod follow;

pub(crate) use follow::follow;
