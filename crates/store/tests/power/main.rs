//! Losing power: what was acknowledged is there, whatever the disk made of the writes that it had not promised to keep.
//!
//! `kill -9` does not show this, because the kernel keeps what the process wrote. So a child of this test writes to an SQLite
//! file under `strace`, and says on its standard output what the store has acknowledged. From the trace, states of the disk are
//! made as they may be found after the power went: at some moment of the trace, everything that was synced, and of what was
//! written later any part, whole sectors of it torn out. Each is opened by the store like any other database, and must have
//! every message that was acknowledged before that moment.
//!
//! `STONECHAT_TEST_STATES=10000` tries more states, `STONECHAT_TEST_SEED` others.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says what it tried"
)]

mod disk;
mod state;
mod trace;
mod writer;

use std::env;

use state::judge;
use trace::{Step, record};

/// States tried when nobody asks for more.
const STATES: u64 = 200;

fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn nothing_acknowledged_is_lost_with_the_power() {
    let steps = record();
    let acknowledged = steps.iter().filter(|step| matches!(step, Step::Acknowledged(_))).count();
    assert!(acknowledged >= 1_000, "only {acknowledged} messages were acknowledged: nothing was tried");
    let (states, seed) = (setting("STONECHAT_TEST_STATES", STATES), setting("STONECHAT_TEST_SEED", 1));
    let verdicts = judge(&steps, (0..states).map(|number| seed.wrapping_mul(1 << 32) + number));
    let broken: Vec<_> = verdicts.iter().filter(|(_, verdict)| verdict.is_err()).collect();
    println!("{states} states of {acknowledged} acknowledged messages: {} not as promised", broken.len());
    assert!(broken.is_empty(), "seed {seed}: {:?}", broken.first());
}

#[test]
fn a_disk_that_ignores_syncs_is_found_out() {
    let steps: Vec<Step> = record().into_iter().filter(|step| !matches!(step, Step::Synced { .. })).collect();
    let caught = judge(&steps, 0..40).iter().filter(|(_, verdict)| verdict.is_err()).count();
    assert!(caught > 10, "only {caught} of 40 states were found out");
}
