//! Who is here on this node, and who wants to know.
//!
//! Only those who watch somebody are told of them, so a person who comes costs what their watchers cost and not what their
//! rooms do. Whether a watch is allowed is not asked here: whoever calls [`Presences::watch`] has asked.

use std::{collections::HashMap, sync::Arc};

use model::{Presence, UserId};

use crate::outbox::Outbox;

/// The people of this node.
#[derive(Debug)]
pub(crate) struct Presences<F> {
    here: HashMap<UserId, Here>,
    watchers: HashMap<UserId, Vec<Arc<Outbox<F>>>>,
}

/// The sockets of one person. Without any they have just left, and may be back in a moment.
#[derive(Clone, Copy, Debug, Default)]
struct Here {
    sockets: usize,
    away: usize,
}

impl<F> Presences<F> {
    pub(crate) fn new() -> Self {
        Self { here: HashMap::new(), watchers: HashMap::new() }
    }

    /// How many sockets are open.
    pub(crate) fn sockets(&self) -> usize {
        self.here.values().map(|here| here.sockets).sum()
    }

    /// How many sockets a person has.
    pub(crate) fn sockets_of(&self, user: UserId) -> usize {
        self.here.get(&user).map_or(0, |here| here.sockets)
    }

    /// Whether a person is there. Whoever has just left still is.
    pub(crate) fn of(&self, user: UserId) -> Presence {
        match self.here.get(&user) {
            None => Presence::Offline,
            Some(here) if here.sockets > 0 && here.away == here.sockets => Presence::Away,
            Some(_) => Presence::Online,
        }
    }

    /// Whether one of their sockets is open and not away. Whoever has just left is not there in this sense.
    pub(crate) fn is_attended(&self, user: UserId) -> bool {
        self.here.get(&user).is_some_and(|here| here.away < here.sockets)
    }

    /// A socket of theirs has opened. Says whether that changes what others see.
    pub(crate) fn come(&mut self, user: UserId) -> bool {
        self.change(user, |here| here.sockets += 1)
    }

    /// A socket of theirs is away from its person, or no longer. Says whether that changes what others see.
    pub(crate) fn step(&mut self, user: UserId, away: bool) -> bool {
        self.change(user, |here| here.away = if away { here.away + 1 } else { here.away.saturating_sub(1) })
    }

    /// A socket of theirs has closed. Says whether that changes what others see: the last one leaves them here for now.
    pub(crate) fn go(&mut self, user: UserId, away: bool) -> bool {
        if self.sockets_of(user) == 0 {
            return false;
        }
        self.change(user, |here| {
            here.sockets -= 1;
            here.away = here.away.saturating_sub(usize::from(away));
        })
    }

    /// Some time after their last socket closed: says whether they are gone for good, which is told once.
    pub(crate) fn depart(&mut self, user: UserId) -> bool {
        let gone = self.here.get(&user).is_some_and(|here| here.sockets == 0);
        if gone {
            self.here.remove(&user);
        }
        gone
    }

    pub(crate) fn watchers(&self, user: UserId) -> impl Iterator<Item = &Arc<Outbox<F>>> {
        self.watchers.get(&user).into_iter().flatten()
    }

    pub(crate) fn watch(&mut self, user: UserId, watcher: &Arc<Outbox<F>>) {
        self.watchers.entry(user).or_default().push(Arc::clone(watcher));
    }

    /// Says whether it was watching.
    pub(crate) fn unwatch(&mut self, user: UserId, watcher: &Arc<Outbox<F>>) -> bool {
        let Some(watchers) = self.watchers.get_mut(&user) else { return false };
        let before = watchers.len();
        watchers.retain(|other| !Arc::ptr_eq(other, watcher));
        let was = watchers.len() < before;
        if watchers.is_empty() {
            self.watchers.remove(&user);
        }
        was
    }

    /// Nobody watches this person any more, and they watch nobody. Gives those who watched them.
    pub(crate) fn forget(&mut self, user: UserId) -> Vec<Arc<Outbox<F>>> {
        let watched = self.watchers.remove(&user);
        self.watchers.retain(|_, watchers| {
            watchers.retain(|watcher| watcher.user != user);
            !watchers.is_empty()
        });
        watched.unwrap_or_default()
    }

    fn change(&mut self, user: UserId, change: impl FnOnce(&mut Here)) -> bool {
        let before = self.of(user);
        change(self.here.entry(user).or_default());
        self.of(user) != before
    }
}
