//! Files on their way to the server, and the messages that wait for them.
//!
//! A file goes its way as soon as it is chosen. Until its message is said it lies in the room's tray, beside what stands in the
//! composer; a message that was said waits for the last of its files, and lets those behind it pass.

use std::collections::BTreeMap;

use model::{ClientKey, RoomId};
use protocol::FileLimits;

use crate::{Client, Connection, Effect, Errand, Happening, Progress, Stage, Upload, What};

/// Files that are on their way at one time. The others wait.
const AT_ONCE: usize = 2;
impl Client {
    /// The files that lie beside what stands in a room's composer, in the order in which they were chosen.
    pub fn tray(&self, room: RoomId) -> impl Iterator<Item = &Upload> {
        self.rooms.get(&room).into_iter().flat_map(|room| &room.tray).filter_map(|key| self.uploads.get(key))
    }

    /// Whether a file is on its way, which is lost with the page.
    #[must_use]
    pub fn is_uploading(&self) -> bool {
        self.uploads.values().any(|upload| upload.sent().is_some())
    }

    /// A file that was chosen and has not gone with its message.
    #[must_use]
    pub fn upload(&self, key: &ClientKey) -> Option<&Upload> {
        self.uploads.get(key)
    }

    pub(crate) fn upload_input(&mut self, now_ms: u64, key: ClientKey, what: Happening, out: &mut Vec<Effect>) {
        match what {
            Happening::Chosen { room, name, size, media_type } => {
                let stage = Stage::Waiting { id: None, until_ms: now_ms, sent: 0 };
                let upload = Upload { key, room, name, size, media_type, stage, tries: 0, anew: 0 };
                self.attach(now_ms, upload, out);
            }
            Happening::Unwanted => self.detach(now_ms, &key, out),
            Happening::Again => self.try_again(now_ms, &key, out),
            Happening::Progress(progress) => self.progress(now_ms, &key, progress, out),
        }
    }

    /// A file was chosen. What the server would not take is told at once, and nothing of it is sent.
    fn attach(&mut self, now_ms: u64, mut upload: Upload, out: &mut Vec<Effect>) {
        let Some(room) = self.rooms.get_mut(&upload.room) else {
            return out.push(Effect::Upload { key: upload.key, errand: Errand::Cancel(None) });
        };
        if let Some(why) = objection(self.files, room.tray.len(), upload.size) {
            upload.stage = Stage::Failed(why);
        }
        room.tray.push(upload.key.clone());
        out.push(Effect::Changed(What::Tray(upload.room)));
        self.uploads.insert(upload.key.clone(), upload);
        self.go_on(now_ms, out);
    }

    /// A file is not to go with the message after all.
    pub(crate) fn detach(&mut self, now_ms: u64, key: &ClientKey, out: &mut Vec<Effect>) {
        let Some(upload) = self.uploads.remove(key) else { return };
        if let Some(room) = self.rooms.get_mut(&upload.room) {
            room.tray.retain(|lying| lying != key);
        }
        let id = if let Stage::Done(file) = &upload.stage { Some(file.id) } else { upload.place().0 };
        out.push(Effect::Upload { key: upload.key, errand: Errand::Cancel(id) });
        out.push(Effect::Changed(What::Tray(upload.room)));
        self.go_on(now_ms, out);
    }

    /// A file that failed is to be tried again.
    pub(crate) fn try_again(&mut self, now_ms: u64, key: &ClientKey, out: &mut Vec<Effect>) {
        let Some(upload) = self.uploads.get_mut(key) else { return };
        if matches!(upload.stage, Stage::Failed(_)) && objection(self.files, 0, upload.size).is_none() {
            upload.stage = Stage::Waiting { id: None, until_ms: now_ms, sent: 0 };
            (upload.tries, upload.anew) = (0, 0);
        }
        out.push(Effect::Changed(What::Tray(upload.room)));
        self.go_on(now_ms, out);
    }

    /// Something was heard of an upload.
    fn progress(&mut self, now_ms: u64, key: &ClientKey, progress: Progress, out: &mut Vec<Effect>) {
        let Some(upload) = self.uploads.get_mut(key) else { return };
        let room = upload.room;
        let errand = upload.hear(now_ms, progress);
        out.extend(errand.map(|errand| Effect::Upload { key: key.clone(), errand }));
        if let Stage::Failed(why) = &upload.stage {
            let why = why.clone();
            if let Some(room) = self.rooms.get_mut(&room) {
                room.outbox.lack(key, &why);
            }
        }
        out.extend([Effect::Changed(What::Tray(room)), Effect::Changed(What::Timeline(room))]);
        self.hand_over(now_ms, room, out);
        self.go_on(now_ms, out);
    }

    /// The room's tray goes with a message that is said now: its uploads, but for those that failed, which stay.
    pub(crate) fn empty_tray(&mut self, id: RoomId) -> Vec<ClientKey> {
        let Some(room) = self.rooms.get_mut(&id) else { return Vec::new() };
        let failed = |key: &ClientKey| !matches!(self.uploads.get(key), Some(Upload { stage, .. }) if !matches!(stage, Stage::Failed(_)));
        let (stay, go) = std::mem::take(&mut room.tray).into_iter().partition(failed);
        room.tray = stay;
        go
    }

    /// Messages whose last file has come can go.
    pub(crate) fn hand_over(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let uploads = &self.uploads;
        let done = |key: &ClientKey| match uploads.get(key).map(|upload| &upload.stage) {
            Some(Stage::Done(file)) => Some(file.clone()),
            _ => None,
        };
        for (message, files) in room.outbox.supply(done) {
            for key in files {
                self.uploads.remove(&key);
            }
            self.keep(id, &message, out);
        }
        self.post_next(now_ms, id, out);
    }

    /// Lets the uploads go on whose time has come, as many as may.
    pub(crate) fn go_on(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.line.state != Connection::Online {
            return;
        }
        let under_way = self.uploads.values().filter(|upload| upload.is_under_way()).count();
        let due = self.uploads.values_mut().filter(|upload| upload.is_due(now_ms));
        for upload in due.take(AT_ONCE.saturating_sub(under_way)) {
            let errand = upload.begin();
            out.push(Effect::Upload { key: upload.key.clone(), errand });
            out.push(Effect::Changed(What::Tray(upload.room)));
        }
    }

    /// There is a connection again: what waited for one need not wait longer. In another life of the database no upload of
    /// before is known.
    pub(crate) fn take_up_uploads(&mut self, now_ms: u64, another_life: bool, out: &mut Vec<Effect>) {
        let gone = |upload: &&Upload| !self.rooms.contains_key(&upload.room);
        let lost: Vec<ClientKey> = self.uploads.values().filter(gone).map(|upload| upload.key.clone()).collect();
        for key in lost {
            self.detach(now_ms, &key, out);
        }
        for upload in self.uploads.values_mut() {
            let (id, sent) = if another_life { (None, 0) } else { upload.place() };
            if matches!(upload.stage, Stage::Waiting { .. }) || another_life && upload.is_under_way() {
                upload.stage = Stage::Waiting { id, until_ms: now_ms, sent };
            }
        }
        self.go_on(now_ms, out);
    }

    /// When an upload should go on, if waiting alone can bring that about.
    pub(crate) fn uploads_wake_at(&self) -> Option<u64> {
        if self.uploads.values().filter(|upload| upload.is_under_way()).count() >= AT_ONCE {
            return None;
        }
        let until = |upload: &Upload| match upload.stage {
            Stage::Waiting { until_ms, .. } => Some(until_ms),
            Stage::Asked { .. } | Stage::Sending { .. } | Stage::Done(_) | Stage::Failed(_) => None,
        };
        self.uploads.values().filter_map(until).min()
    }
}

/// The files that were chosen, by their names.
pub(crate) type Uploads = BTreeMap<ClientKey, Upload>;

/// What stands against a file, as far as is known here; `others` lie beside it.
fn objection(limits: Option<FileLimits>, others: usize, size: u64) -> Option<String> {
    let no = match limits {
        None => model::Refusal::FilesClosed,
        Some(limits) if others >= limits.per_message as usize => model::Refusal::TooManyFiles,
        Some(limits) if size > limits.bytes => model::Refusal::FileTooLarge { max_bytes: limits.bytes },
        Some(_) => return None,
    };
    Some(no.to_string())
}
