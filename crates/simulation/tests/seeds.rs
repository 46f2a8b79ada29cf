//! Many seeds, on all cores; planted faults; and the same seed twice.
//!
//! `STONECHAT_TEST_SEEDS=10000` plays more, `STONECHAT_TEST_SEED=42` one, and prints everything that happened.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a test may talk, and fail loudly")]

use std::{
    env,
    panic::{self, AssertUnwindSafe},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use simulation::{Plant, Run, run};

/// Seeds in every run of the tests.
const SEEDS: u64 = 1_000;
/// Seeds within which a planted fault has to be noticed.
const SEEDS_TO_CATCH: u64 = 200;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

/// Plays one seed; a panic is as bad as a broken promise.
fn play(seed: u64, plant: Option<Plant>) -> Result<Run, String> {
    panic::catch_unwind(AssertUnwindSafe(|| run(seed, plant, false))).map_err(|_| "it panicked".to_owned())
}

/// Plays seeds on all cores, until one of them fails. Says which, and what all came to.
fn search(seeds: std::ops::Range<u64>, plant: Option<Plant>) -> (Option<(u64, String)>, Sums) {
    let next = AtomicU64::new(seeds.start);
    let failed: Mutex<Option<(u64, String)>> = Mutex::new(None);
    let sums = Mutex::new(Sums::default());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            // Those before a failure are still played: the first is told, however many cores there are.
            if seed >= failed.lock().unwrap().as_ref().map_or(seeds.end, |(first, _)| seeds.end.min(*first)) {
                return;
            }
            let played = play(seed, plant);
            let trouble = match played {
                Ok(run) => {
                    sums.lock().unwrap().add(&run);
                    run.violation.map(|violation| violation.to_string())
                }
                Err(panicked) => Some(panicked),
            };
            if let Some(trouble) = trouble {
                let mut failed = failed.lock().unwrap();
                if failed.as_ref().is_none_or(|(first, _)| seed < *first) {
                    *failed = Some((seed, trouble));
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    (failed.into_inner().unwrap(), sums.into_inner().unwrap())
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    seeds: u64,
    happenings: u64,
    messages: u64,
    world_ms: u64,
}

impl Sums {
    fn add(&mut self, run: &Run) {
        self.seeds += 1;
        self.happenings += run.happenings;
        self.messages += run.messages;
        self.world_ms += run.world_ms;
    }
}

#[test]
fn every_promise_holds_for_every_seed() {
    if let Some(seed) = number("STONECHAT_TEST_SEED") {
        let run = run(seed, None, true);
        run.trace.iter().for_each(|line| println!("{line}"));
        println!("seed {seed}: {} happenings, hash {:016x}", run.happenings, run.hash);
        assert!(run.violation.is_none(), "{}", run.violation.unwrap());
        return;
    }
    let began = Instant::now();
    let (failed, sums) = search(0..number("STONECHAT_TEST_SEEDS").unwrap_or(SEEDS), None);
    if let Some((seed, trouble)) = failed {
        panic!(
            "seed {seed}: {trouble}\nreplay: STONECHAT_TEST_SEED={seed} cargo test -p stonechat-simulation --test seeds every_promise -- --nocapture"
        );
    }
    let (hours, seconds) = (sums.world_ms / 3_600_000, began.elapsed().as_secs());
    println!(
        "{} seeds: {} happenings, {} messages, {hours} hours in {seconds} s, 0 violations",
        sums.seeds, sums.happenings, sums.messages
    );
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in 0..20 {
        let (one, other) = (run(seed, None, false), run(seed, None, true));
        assert_eq!((one.hash, one.happenings), (other.hash, other.happenings), "seed {seed}");
    }
    assert_ne!(run(1, None, false).hash, run(2, None, false).hash);
}

#[test]
fn every_planted_fault_is_noticed() {
    for plant in Plant::ALL {
        let (failed, _) = search(0..SEEDS_TO_CATCH, Some(plant));
        let (seed, trouble) = failed.unwrap_or_else(|| panic!("{plant:?} goes unnoticed"));
        println!("{plant:?}: seed {seed}: {trouble}");
    }
}
