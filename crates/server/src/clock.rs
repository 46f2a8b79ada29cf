//! The one clock of the house. Everything else gets time as an argument.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use model::Timestamp;

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock. A clock set before 1970 reads as 1970.
#[must_use]
pub fn system() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}
