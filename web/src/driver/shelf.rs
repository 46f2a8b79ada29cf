//! What is kept on the device, in the browser's own storage: what was said and not kept by the server, what stands in the
//! composers, who is at home here, and which emoji they like.
//!
//! One entry for each message, so that two windows do not write over each other. A browser may have no storage, or no room in
//! it: then a reload remembers less, and nothing else is different.

use client::{Home, Memory, Unsent};
use model::{ClientKey, RoomId, Seq};
use protocol::{decode, encode};
use web_sys::{Storage, Window};

/// Everything here begins with this.
const OURS: &str = "stonechat.";
const HOME: &str = "stonechat.home";
const UNSENT: &str = "stonechat.unsent.";
const DRAFT: &str = "stonechat.draft.";
const RECENT: &str = "stonechat.emoji.recent";
const NOT_SHOWN: &str = "stonechat.notices.not_shown";
const NO_SOUND: &str = "stonechat.notices.no_sound";
const LAST_TOLD: &str = "stonechat.notices.last";
const PUSHED: &str = "stonechat.pushed";
const TONE: &str = "stonechat.emoji.tone";

/// How the person wants to be told at once of messages, on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// By the browser's notifications, where it is allowed to show them.
    pub(crate) shown: bool,
    /// By a sound.
    pub(crate) sound: bool,
}

/// The browser's storage of this site, if there is one.
pub(crate) struct Shelf {
    storage: Option<Storage>,
}

impl Shelf {
    pub(crate) fn of(window: &Window) -> Self {
        Self { storage: window.local_storage().ok().flatten() }
    }

    /// Everything that was kept. What cannot be read is passed over.
    pub(crate) fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        for name in self.names() {
            let Some(text) = self.read(&name) else { continue };
            if name == HOME {
                memory.home = decode::<Home>(&text).ok();
            } else if name.starts_with(UNSENT) {
                memory.unsent.extend(decode::<Unsent>(&text).ok());
            } else if let Some(room) = name.strip_prefix(DRAFT).and_then(|room| room.parse().ok()) {
                memory.drafts.insert(room, text);
            }
        }
        memory
    }

    pub(crate) fn keep(&self, unsent: &Unsent) {
        self.write(&format!("{UNSENT}{}", unsent.key.as_str()), &encode(unsent));
    }

    pub(crate) fn forget(&self, key: &ClientKey) {
        self.remove(&format!("{UNSENT}{}", key.as_str()));
    }

    pub(crate) fn keep_draft(&self, room: RoomId, text: &str) {
        let name = format!("{DRAFT}{room}");
        if text.is_empty() {
            self.remove(&name);
        } else {
            self.write(&name, text);
        }
    }

    /// Keeps who is at home here. What another person left goes.
    pub(crate) fn keep_home(&self, home: &Home) {
        let before = self.read(HOME).and_then(|text| decode::<Home>(&text).ok());
        if before.is_some_and(|before| before.me.person.id != home.me.person.id) {
            self.wipe();
        }
        self.write(HOME, &encode(home));
    }

    /// The emoji that were used last, the last one first.
    pub(crate) fn recent(&self) -> Vec<String> {
        self.read(RECENT).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    pub(crate) fn keep_recent(&self, recent: &[String]) {
        self.write(RECENT, &recent.join(" "));
    }

    /// The tone of skin that was chosen; 0 is none.
    pub(crate) fn tone(&self) -> usize {
        self.read(TONE).and_then(|tone| tone.parse().ok()).unwrap_or_default()
    }

    pub(crate) fn keep_tone(&self, tone: usize) {
        self.write(TONE, &tone.to_string());
    }

    /// How the person wants to be told: in both ways, if they did not say otherwise.
    pub(crate) fn told(&self) -> Told {
        Told { shown: self.read(NOT_SHOWN).is_none(), sound: self.read(NO_SOUND).is_none() }
    }

    pub(crate) fn keep_told(&self, told: Told) {
        for (name, on) in [(NOT_SHOWN, told.shown), (NO_SOUND, told.sound)] {
            if on {
                self.remove(name);
            } else {
                self.write(name, "1");
            }
        }
    }

    /// Whether no other window has told of this message, as far as can be known: two that look at the same moment both tell.
    pub(crate) fn is_first_to_tell(&self, room: RoomId, seq: Seq) -> bool {
        let this = format!("{room}:{seq}");
        let first = self.read(LAST_TOLD).as_ref() != Some(&this);
        self.write(LAST_TOLD, &this);
        first
    }

    /// Whether the person has messages pushed to this device.
    pub(crate) fn is_pushed(&self) -> bool {
        self.read(PUSHED).is_some()
    }

    pub(crate) fn keep_pushed(&self, on: bool) {
        if on {
            self.write(PUSHED, "1");
        } else {
            self.remove(PUSHED);
        }
    }

    /// Forgets everything that belongs to a person.
    pub(crate) fn wipe(&self) {
        for name in self.names() {
            self.remove(&name);
        }
    }

    /// The names of all that is ours. Taken before anything is removed: removing moves the others.
    fn names(&self) -> Vec<String> {
        let Some(storage) = &self.storage else { return Vec::new() };
        let all = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok().flatten());
        all.filter(|name| name.starts_with(OURS)).collect()
    }

    fn read(&self, name: &str) -> Option<String> {
        self.storage.as_ref()?.get_item(name).ok().flatten()
    }

    fn write(&self, name: &str, text: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.set_item(name, text);
        }
    }

    fn remove(&self, name: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(name);
        }
    }
}
