//! What was looked at, and what was found.

use std::fmt;

use crate::{Kind, calls, files, memory};

/// What was looked at, and what was found where nothing should be.
#[derive(Debug)]
pub struct Report {
    kind: &'static str,
    /// Nothing in here is the proof.
    pub findings: Vec<Finding>,
    looked_at: Vec<String>,
}

/// Something that should not be there.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: String,
    /// What: a word, and its form.
    pub what: String,
}

impl Report {
    pub(crate) fn new(kind: Kind) -> Self {
        let kind = match kind {
            Kind::Encrypted(_) => "an encrypted room",
            Kind::Plain => "a plain room",
        };
        Self { kind, findings: Vec::new(), looked_at: Vec::new() }
    }

    pub(crate) fn memory(&mut self, when: &str, look: memory::Look) {
        self.looked_at.push(format!("{:.1} MB of memory {when}", bytes_in_mb(look.bytes)));
        self.find(&format!("memory {when}"), look.hits);
    }

    pub(crate) fn files(&mut self, look: files::Look) {
        self.looked_at.push(format!("{} files, the log among them", look.files));
        for (file, hits) in look.hits {
            self.find(&file, hits);
        }
        self.find("a crash", look.cores.into_iter().map(|core| format!("a core file: {core}")));
    }

    pub(crate) fn calls(&mut self, look: calls::Look) {
        self.looked_at.push(format!(
            "{} calls of the system, {} of them writes that went to no network",
            look.calls, look.to_disk
        ));
        for (call, hits) in look.hits {
            self.find(&call, hits);
        }
        self.find("a call whose data is not seen", look.blind);
    }

    pub(crate) fn database(&mut self, before: &[(&'static str, Vec<u8>)], after: &[(&'static str, Vec<u8>)]) {
        self.looked_at.push("the database before and after, byte for byte".to_owned());
        let changed = before.iter().zip(after).filter(|(before, after)| before != after);
        let names: Vec<_> = changed.map(|((name, _), _)| format!("{name} has changed")).collect();
        self.find("the database", names);
    }

    fn find(&mut self, place: &str, found: impl IntoIterator<Item = String>) {
        self.findings.extend(found.into_iter().map(|what| Finding { place: place.to_owned(), what }));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Of {}, looked at:", self.kind)?;
        for what in &self.looked_at {
            writeln!(f, "  {what}")?;
        }
        if self.findings.is_empty() {
            return writeln!(f, "  Nothing of it was found anywhere.");
        }
        for Finding { place, what } in &self.findings {
            writeln!(f, "  FOUND in {place}: {what}")?;
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "for showing, with one digit")]
fn bytes_in_mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
