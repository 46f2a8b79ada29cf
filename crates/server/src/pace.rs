//! How much one asker may do (GCRA, by `governor`).

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::HashMapStateStore,
};
use model::{Refusal, UserId};

use crate::Pace;

/// Askers that one limiter remembers. More: those who are at rest are forgotten.
const ASKERS_MAX: usize = 10_000;

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// The limiters of the house.
pub(crate) struct Paces {
    posts: Limiter<UserId>,
    log_ins_by_address: Limiter<IpAddr>,
    log_ins_by_name: Limiter<(String, IpAddr)>,
    acts: Limiter<UserId>,
    marks: Limiter<UserId>,
    profiles: Limiter<UserId>,
    uploads: Limiter<UserId>,
    searches: Limiter<UserId>,
    sign_ups: Limiter<IpAddr>,
    reports: Limiter<IpAddr>,
}

impl Paces {
    pub(crate) fn new(posts: Pace) -> Self {
        Self {
            posts: Limiter::hashmap(Quota::per_second(posts.per_second).allow_burst(posts.burst)),
            log_ins_by_address: Limiter::hashmap(slow(Duration::from_secs(2), 30)),
            log_ins_by_name: Limiter::hashmap(slow(Duration::from_secs(6), 10)),
            acts: Limiter::hashmap(slow(Duration::from_secs(2), 60)),
            marks: Limiter::hashmap(slow(Duration::from_millis(100), 500)),
            profiles: Limiter::hashmap(slow(Duration::from_secs(20), 10)),
            uploads: Limiter::hashmap(slow(Duration::from_millis(500), 100)),
            searches: Limiter::hashmap(slow(Duration::from_millis(250), 40)),
            sign_ups: Limiter::hashmap(slow(Duration::from_secs(10), 30)),
            reports: Limiter::hashmap(slow(Duration::from_secs(10), 5)),
        }
    }

    /// Before a message is posted.
    pub(crate) fn post(&self, user: UserId) -> Result<(), Refusal> {
        check(&self.posts, &user)
    }

    /// Before a person's marks move. Each is a write, and told to a room; a client that was told to wait loses nothing, because
    /// its next mark says what this one said.
    pub(crate) fn mark(&self, user: UserId) -> Result<(), Refusal> {
        check(&self.marks, &user)
    }

    /// Before a person tells something else of themselves: it is written into each of their rooms.
    pub(crate) fn profile(&self, user: UserId) -> Result<(), Refusal> {
        check(&self.profiles, &user)
    }

    /// Before a person makes, joins or leaves a room, opens a direct chat, brings somebody in, invites, or turns receipts on or
    /// off.
    pub(crate) fn act(&self, user: UserId) -> Result<(), Refusal> {
        check(&self.acts, &user)
    }

    /// Before a file is announced.
    pub(crate) fn upload(&self, user: UserId) -> Result<(), Refusal> {
        check(&self.uploads, &user)
    }

    /// Before something is looked for: a person who types, and asks again with every letter.
    pub(crate) fn search(&self, user: UserId) -> Result<(), Refusal> {
        check(&self.searches, &user)
    }

    /// Before a password is tried. `name` is the folded username, known or not. Whoever guesses from elsewhere does not lock
    /// the name's owner out.
    pub(crate) fn log_in(&self, address: IpAddr, name: &str) -> Result<(), Refusal> {
        let address = network(address);
        check(&self.log_ins_by_address, &address)?;
        check(&self.log_ins_by_name, &(name.chars().take(64).collect(), address))
    }

    /// Before an account is made, or an invitation or a set-up link is tried.
    pub(crate) fn sign_up(&self, address: IpAddr) -> Result<(), Refusal> {
        check(&self.sign_ups, &network(address))
    }

    /// Before a browser's report is written down.
    pub(crate) fn report(&self, address: IpAddr) -> Result<(), Refusal> {
        check(&self.reports, &network(address))
    }
}

fn slow(each: Duration, burst: u32) -> Quota {
    let quota = Quota::with_period(each).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN));
    quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
}

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), Refusal> {
    if limiter.len() > ASKERS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        Refusal::TooFast { retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1) }
    })
}

/// An IPv6 household has 2^64 addresses; they count as one.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_posts_too_fast_is_told_when_to_come_back() {
        let [burst, per_second] = [3, 1].map(|n| NonZeroU32::new(n).unwrap());
        let paces = Paces::new(Pace { burst, per_second });
        let (alice, bob) = (UserId::new(1), UserId::new(2));
        for _ in 0..3 {
            assert_eq!(paces.post(alice), Ok(()));
        }
        let Err(Refusal::TooFast { retry_after_ms }) = paces.post(alice) else { panic!("not refused") };
        assert!((1..=1_000).contains(&retry_after_ms), "{retry_after_ms}");
        assert_eq!(paces.post(bob), Ok(()));
    }

    #[test]
    fn an_ipv6_household_counts_as_one() {
        let one = |text: &str| network(text.parse().unwrap());
        assert_eq!(one("2001:db8:1:2:aaaa::1"), one("2001:db8:1:2:bbbb::2"));
        assert_ne!(one("2001:db8:1:2::1"), one("2001:db8:1:3::1"));
        assert_eq!(one("::ffff:192.0.2.1"), one("192.0.2.1"));
    }
}
