//! Looks after the promise of the instant rooms, at the server's own terminal.

use std::io::{self, Write as _};

use anyhow::{Context as _, bail};
use proof::{Envelope, Kind};
use protocol::instant::TAG_BYTES;
use server::InstantRooms;

use crate::{
    config::Settings,
    hygiene::{self, Memory},
};

/// Says how this machine treats memory, and if asked, proves that instant rooms keep nothing. Fails when they do not.
pub(crate) fn examine(settings: &Settings, prove_instant: bool) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let memory = hygiene::memory();
    let swap = match memory {
        Memory::Stays => "Memory stays in memory: no swap is in use, or this process may not swap.",
        Memory::MayBeSwapped => "Memory may be written to the disk: swap is in use, or nobody can say.",
    };
    let rooms = match settings.instant.rooms(memory) {
        InstantRooms::Open => "Instant rooms are open.",
        InstantRooms::Off => "Instant rooms are switched off.",
        InstantRooms::Unsafe => {
            "Instant rooms are closed for that. Switch swap off, for this service alone by MemorySwapMax=0, or set instant.allow_swap."
        }
    };
    writeln!(out, "{swap}\n{rooms}")?;
    if !prove_instant {
        return Ok(());
    }
    let program = std::env::current_exe().context("this program does not know where it is")?;
    let mut found = 0;
    for kind in [Kind::Encrypted(pad), Kind::Plain] {
        let report = proof::prove(&program, kind, |_| {})?;
        write!(out, "{report}")?;
        found += report.findings.len();
    }
    if found > 0 {
        bail!("{found} traces were found of what should have left none");
    }
    Ok(())
}

/// A one-time pad, which is thrown away: to whoever has not got it, what comes out is as good as what AES-GCM would make of it,
/// and this program need not know AES for a test. The tests of the repository use AES-256-GCM.
fn pad(envelope: &Envelope<'_>) -> anyhow::Result<Vec<u8>> {
    let mut sealed = vec![0; envelope.words.len() + TAG_BYTES];
    getrandom::fill(&mut sealed)?;
    sealed.iter_mut().zip(envelope.words).for_each(|(pad, word)| *pad ^= word);
    Ok(sealed)
}
