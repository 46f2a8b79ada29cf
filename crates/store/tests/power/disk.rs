//! A disk that keeps its promises and nothing more.

use std::collections::HashMap;

use crate::trace::{File, Step};

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// The files as they are on the disk, and what was written and not synced.
#[derive(Default)]
pub(crate) struct Disk {
    files: HashMap<File, Content>,
}

#[derive(Default)]
struct Content {
    synced: Vec<u8>,
    pending: Vec<Step>,
}

/// Chance from a seed: splitmix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `most`.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most.max(1)
    }
}

impl Disk {
    pub(crate) fn take(&mut self, step: &Step) {
        match step {
            Step::Written { file, .. } | Step::Cut { file, .. } => {
                self.files.entry(*file).or_default().pending.push(step.clone());
            }
            Step::Synced { file } => {
                let content = self.files.entry(*file).or_default();
                for step in std::mem::take(&mut content.pending) {
                    apply(&mut content.synced, &step, |_| true);
                }
            }
            Step::Acknowledged(_) => {}
        }
    }

    /// What may be found of a file after the power went. Of what was not synced, either nothing, all, or any part.
    pub(crate) fn found(&self, file: File, chance: &mut Chance) -> Vec<u8> {
        let Some(content) = self.files.get(&file) else { return Vec::new() };
        let mut bytes = content.synced.clone();
        let mood = chance.below(4);
        for step in &content.pending {
            match mood {
                0 => {}
                1 => apply(&mut bytes, step, |_| true),
                _ if chance.below(2) == 0 => {}
                2 => apply(&mut bytes, step, |_| true),
                _ => {
                    let torn = chance.below(u64::MAX);
                    apply(&mut bytes, step, |sector| Chance(torn ^ sector as u64).below(2) == 0);
                }
            }
        }
        bytes
    }
}

/// Does what a step did, as far as `whole` says of each sector of the file that it was written.
fn apply(content: &mut Vec<u8>, step: &Step, whole: impl Fn(usize) -> bool) {
    match step {
        Step::Written { at, bytes, .. } => {
            let at = usize::try_from(*at).unwrap();
            if content.len() < at + bytes.len() {
                content.resize(at + bytes.len(), 0);
            }
            let mut from = at;
            while from < at + bytes.len() {
                let to = ((from / SECTOR + 1) * SECTOR).min(at + bytes.len());
                if whole(from / SECTOR) {
                    content[from..to].copy_from_slice(&bytes[from - at..to - at]);
                }
                from = to;
            }
        }
        Step::Cut { length, .. } => content.resize(usize::try_from(*length).unwrap(), 0),
        Step::Synced { .. } | Step::Acknowledged(_) => {}
    }
}
