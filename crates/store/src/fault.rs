//! The store's side of a no: opaque, for the log.

use std::error::Error;

/// The database could not do its work. What went wrong is for the log; the asker learns only that something did.
#[derive(Debug)]
pub struct Fault {
    what: &'static str,
    passing: bool,
    slow: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault of our own making.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, passing: false, slow: false, source: None }
    }

    /// A queue is full.
    pub(crate) fn full() -> Self {
        Self { what: "the writers' queue is full", passing: true, slow: false, source: None }
    }

    /// Whether nothing is wrong but that too many asked at once.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.passing
    }

    /// A statement did not end in the time that it had.
    pub(crate) fn slow() -> Self {
        Self { what: "a statement took too long", passing: false, slow: true, source: None }
    }

    /// Whether a statement did not end in the time that it had.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow
    }

    /// A fault with the error that caused it.
    pub(crate) fn caused(what: &'static str, source: impl Error + Send + Sync + 'static) -> Self {
        Self { what, passing: false, slow: false, source: Some(Box::new(source)) }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.what)?;
        // PostgreSQL's errors say "db error" and keep the rest in their source.
        let mut cause: Option<&(dyn Error + 'static)> = self.source.as_ref().map(|e| &**e as _);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for Fault {}
