//! When things were said and when they were heard, phase by phase.
//!
//! A message carries the moment of its sending, in microseconds of this process, at the beginning of its text and at the end
//! of its key; whoever hears it needs nothing else to tell how long it took.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use crate::{link::find, quantile::Histogram};

/// What is measured apart: a warm-up, the time before something, the time while it lasts.
#[derive(Clone, Debug)]
pub struct Ledger {
    shared: std::sync::Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    began: Instant,
    phase: AtomicUsize,
    phases: Mutex<Vec<Phase>>,
}

/// The figures of one phase.
#[derive(Clone, Default)]
pub struct Phase {
    /// From the sending of a message to each hearing of it.
    pub deliveries: Histogram,
    /// From the sending of a message to its receipt.
    pub receipts: Histogram,
}

impl std::fmt::Debug for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "deliveries {}, receipts {}", self.deliveries, self.receipts)
    }
}

impl Ledger {
    /// A ledger of so many phases.
    #[must_use]
    pub fn new(phases: usize) -> Self {
        let phases = Mutex::new(vec![Phase::default(); phases]);
        Self { shared: std::sync::Arc::new(Shared { began: Instant::now(), phase: AtomicUsize::new(0), phases }) }
    }

    /// The next phase begins.
    pub fn turn(&self) {
        self.shared.phase.fetch_add(1, Ordering::Relaxed);
    }

    /// The number of this phase.
    #[must_use]
    pub fn number(&self) -> usize {
        self.shared.phase.load(Ordering::Relaxed)
    }

    /// Now, in microseconds of this process.
    #[must_use]
    pub fn now(&self) -> u64 {
        u64::try_from(self.shared.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// A message that was sent at this moment was heard.
    pub fn delivered(&self, sent: u64) {
        let took = self.now().saturating_sub(sent);
        self.at_phase(|phase| phase.deliveries.add(took));
    }

    /// The receipt of a message that was sent at this moment came.
    pub fn receipted(&self, sent: u64) {
        let took = self.now().saturating_sub(sent);
        self.at_phase(|phase| phase.receipts.add(took));
    }

    /// The figures of a phase so far.
    #[must_use]
    pub fn phase(&self, number: usize) -> Phase {
        self.lock().get(number).cloned().unwrap_or_default()
    }

    fn at_phase(&self, change: impl FnOnce(&mut Phase)) {
        let number = self.number();
        if let Some(phase) = self.lock().get_mut(number) {
            change(phase);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Phase>> {
        self.shared.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number that follows these bytes.
#[must_use]
pub fn number_after(bytes: &[u8], before: &[u8]) -> Option<u64> {
    let from = find(bytes, before)? + before.len();
    let digits = bytes[from..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.map(|digit| u64::from(digit - b'0')).reduce(|number, digit| number.saturating_mul(10).saturating_add(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_out_of_a_frame() {
        let frame = br#"{"type":"event","seq":43,"text":"17 x"}"#;
        assert_eq!(number_after(frame, b"\"seq\":"), Some(43));
        assert_eq!(number_after(frame, b"\"text\":\""), Some(17));
        assert_eq!(number_after(frame, b"\"type\":\""), None);
        assert_eq!(number_after(frame, b"\"key\":\""), None);
    }

    #[test]
    fn phases_are_counted_apart() {
        let ledger = Ledger::new(2);
        ledger.delivered(0);
        ledger.turn();
        ledger.receipted(0);
        ledger.turn();
        ledger.receipted(0);
        assert_eq!((ledger.phase(0).deliveries.count(), ledger.phase(0).receipts.count()), (1, 0));
        assert_eq!((ledger.phase(1).deliveries.count(), ledger.phase(1).receipts.count()), (0, 1));
    }
}
