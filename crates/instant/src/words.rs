//! What somebody says, while it is on its way.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

/// Bytes that are shown to nobody but those in the room, and are wiped when the last of them has been served.
///
/// They are shared, never copied:
///
/// ```compile_fail
/// fn copied<T: Clone>(_: T) {}
/// copied(std::sync::Arc::into_inner(instant::Words::new(b"hello")).unwrap());
/// ```
///
/// and cannot be written down by what writes values down:
///
/// ```compile_fail
/// fn written_down<T: serde::Serialize>(_: &T) {}
/// written_down(&*instant::Words::new(b"hello"));
/// ```
pub struct Words(Zeroizing<Box<[u8]>>);

impl Words {
    /// Takes what came, into a place of its own that is not larger than needed.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Arc<Self> {
        Arc::new(Self(Zeroizing::new(bytes.into())))
    }
}

impl AsRef<[u8]> for Words {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_shown_by_accident() {
        let words = Words::new(b"between us");
        assert_eq!(format!("{words:?} {words:#?}"), "Words(…) Words(…)");
        assert_eq!((*words).as_ref(), b"between us");
    }
}
