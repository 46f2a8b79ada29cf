//! What happened, in order: hashed always, and kept as lines if somebody wants to read it.

use std::{
    fmt::{self, Write},
    hash::{DefaultHasher, Hasher},
};

/// The story of one run.
#[derive(Debug)]
pub(crate) struct Trace {
    hasher: DefaultHasher,
    lines: Option<Vec<String>>,
}

impl Trace {
    pub(crate) fn new(kept: bool) -> Self {
        Self { hasher: DefaultHasher::new(), lines: kept.then(Vec::new) }
    }

    pub(crate) fn tell(&mut self, now_ms: u64, line: fmt::Arguments<'_>) {
        self.hasher.write_u64(now_ms);
        // Writing into a hash cannot fail.
        let _ = Sink(&mut self.hasher).write_fmt(line);
        self.hasher.write_u8(b'\n');
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{now_ms:>7} {line}"));
        }
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hasher.finish()
    }

    pub(crate) fn lines(self) -> Vec<String> {
        self.lines.unwrap_or_default()
    }
}

struct Sink<'a>(&'a mut DefaultHasher);

impl fmt::Write for Sink<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
