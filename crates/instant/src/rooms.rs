//! All rooms of this process.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::limits::{INSTANT_MEMBERS_MAX, INSTANT_ROOMS_MAX, INSTANT_ROOMS_PER_ADDRESS_MAX};
use protocol::instant::Sender;

use crate::{Key, Member, Words, outbox::Outbox};

/// All rooms, and how many of them each address has opened.
#[derive(Debug)]
pub struct Rooms {
    state: Mutex<State>,
    /// Its key is drawn anew for each process; an address cannot be told from what it makes of it.
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct State {
    rooms: HashMap<Arc<Key>, Arc<Room>>,
    /// By the hash of an address. A count that falls to nothing vanishes.
    opened: HashMap<u64, u32>,
}

/// Why somebody cannot come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEntry {
    /// [`INSTANT_MEMBERS_MAX`] people are in the room.
    RoomFull,
    /// The address has opened [`INSTANT_ROOMS_PER_ADDRESS_MAX`] rooms that live still.
    TooManyRooms,
    /// There are [`INSTANT_ROOMS_MAX`] rooms.
    Full,
}

impl Rooms {
    /// No room at all.
    #[must_use]
    pub fn new(hasher: RandomState) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), hasher })
    }

    /// Comes into the room of this key, opening it if nobody is there. `network` is the address to count a new room for.
    pub fn enter(self: &Arc<Self>, key: Key, network: IpAddr) -> Result<Member, NoEntry> {
        let mut state = self.lock();
        let room = match state.rooms.get(&key) {
            Some(room) => Arc::clone(room),
            None => state.open(key, self.hasher.hash_one(network))?,
        };
        let outbox = room.admit().ok_or(NoEntry::RoomFull)?;
        drop(state);
        Ok(Member::new(Arc::clone(self), room, outbox))
    }

    /// How many rooms there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().rooms.len()
    }

    pub(crate) fn leave(&self, room: &Room, outbox: &Arc<Outbox>) {
        let mut state = self.lock();
        if room.part(outbox) {
            state.close(room);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves at worst a room that nobody can leave; its members' sockets end all the same.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn open(&mut self, key: Key, opener: u64) -> Result<Arc<Room>, NoEntry> {
        if self.rooms.len() >= INSTANT_ROOMS_MAX {
            return Err(NoEntry::Full);
        }
        let count = self.opened.entry(opener).or_default();
        if *count >= INSTANT_ROOMS_PER_ADDRESS_MAX {
            return Err(NoEntry::TooManyRooms);
        }
        *count += 1;
        let key = Arc::new(key);
        let room = Arc::new(Room { key: Arc::clone(&key), opener, seats: Mutex::default() });
        self.rooms.insert(key, Arc::clone(&room));
        Ok(room)
    }

    fn close(&mut self, room: &Room) {
        self.rooms.remove(&room.key);
        if let Entry::Occupied(mut count) = self.opened.entry(room.opener) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
        // Tables grow by themselves, and shrink if told to.
        if self.rooms.capacity() > 64 && self.rooms.len() < self.rooms.capacity() / 8 {
            self.rooms.shrink_to_fit();
            self.opened.shrink_to_fit();
        }
    }
}

/// Where some members meet. Its lock is taken after that of all rooms, and before that of an outbox.
#[derive(Debug)]
pub(crate) struct Room {
    key: Arc<Key>,
    opener: u64,
    seats: Mutex<Vec<Seat>>,
}

/// A member, as the room knows them.
#[derive(Debug)]
struct Seat {
    outbox: Arc<Outbox>,
    /// Who they are in their envelopes; theirs as long as they stay.
    sender: Option<Sender>,
    /// Whether something of theirs was passed on, so that others know of the sender.
    heard: bool,
}

impl Room {
    pub(crate) fn is_encrypted(&self) -> bool {
        match *self.key {
            Key::Encrypted(_) => true,
            Key::Plain(_) => false,
        }
    }

    /// A seat for somebody, unless all are taken.
    fn admit(&self) -> Option<Arc<Outbox>> {
        let mut seats = self.lock();
        if seats.len() >= INSTANT_MEMBERS_MAX {
            return None;
        }
        let outbox = Arc::new(Outbox::default());
        if self.is_encrypted() {
            for seat in seats.iter() {
                seat.outbox.tell_joined();
            }
        }
        seats.push(Seat { outbox: Arc::clone(&outbox), sender: None, heard: false });
        self.tell_count(&seats);
        Some(outbox)
    }

    /// Gives a seat back. Says whether it was the last.
    fn part(&self, outbox: &Arc<Outbox>) -> bool {
        let mut seats = self.lock();
        if let Some(index) = seats.iter().position(|seat| Arc::ptr_eq(&seat.outbox, outbox)) {
            let seat = seats.swap_remove(index);
            seat.outbox.end();
            if let Some(sender) = seat.sender.filter(|_| seat.heard) {
                for other in seats.iter() {
                    other.outbox.tell_left(sender);
                }
            }
            self.tell_count(&seats);
        }
        seats.is_empty()
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Binds a sender to a member, for good. False: they have another one, or somebody else has this one.
    pub(crate) fn bind(&self, outbox: &Arc<Outbox>, sender: Sender) -> bool {
        let mut seats = self.lock();
        let taken = seats.iter().any(|seat| seat.sender == Some(sender) && !Arc::ptr_eq(&seat.outbox, outbox));
        let own = seats.iter_mut().find(|seat| Arc::ptr_eq(&seat.outbox, outbox));
        own.is_some_and(|seat| !taken && *seat.sender.get_or_insert(sender) == sender)
    }

    /// Passes words on to all who are to have them, or to nobody: then gives an outbox that has no room for them.
    pub(crate) fn pass_on(&self, from: &Arc<Outbox>, words: &Arc<Words>) -> Result<(), Arc<Outbox>> {
        let bytes = (**words).as_ref().len();
        let mut seats = self.lock();
        let to_sender = !self.is_encrypted();
        let audience = || seats.iter().filter(|seat| to_sender || !Arc::ptr_eq(&seat.outbox, from));
        if let Some(full) = audience().find(|seat| !seat.outbox.fits(bytes)) {
            return Err(Arc::clone(&full.outbox));
        }
        audience().for_each(|seat| seat.outbox.put(words));
        if let Some(own) = seats.iter_mut().find(|seat| Arc::ptr_eq(&seat.outbox, from)) {
            own.heard = true;
        }
        Ok(())
    }

    fn tell_count(&self, seats: &[Seat]) {
        if self.is_encrypted() {
            for seat in seats {
                seat.outbox.tell_count();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seat>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
