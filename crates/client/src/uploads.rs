//! Files on their way to the server: announced, sent in pieces, taken up again where a connection broke.
//!
//! A file goes its way as soon as it is chosen. Until its message is said it lies in the room's tray, beside what stands in the
//! composer; a message that was said waits for the last of its files, and lets those behind it pass.

use std::collections::BTreeMap;

use model::{ClientKey, File, FileId, RoomId};
use protocol::{Code, FileLimits, Refused, http};

use crate::{Client, Connection, Effect, What};

/// Files that are on their way at one time. The others wait.
const AT_ONCE: usize = 2;
/// The bytes of one request: what is sent again at most when a connection breaks.
const PIECE_BYTES: u64 = 1024 * 1024;
/// How long to wait after the first failure; it doubles up to the other.
const BACK_OFF_FIRST_MS: u64 = 1_000;
const BACK_OFF_MAX_MS: u64 = 30_000;
/// How often an upload that the server does not know any more begins anew.
const ANEW_MAX: u32 = 3;

/// A file that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name for the driver, who has the bytes, and for the server.
    pub key: ClientKey,
    /// The room of its message.
    pub room: RoomId,
    /// What the device calls it.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// What the device believes it is; it may be empty.
    pub media_type: String,
    /// How far it has come.
    pub stage: Stage,
    /// How often in a row it failed.
    tries: u32,
    /// How often it began anew.
    anew: u32,
}

/// How far an upload has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits for its turn, for a connection, or for better times.
    Waiting {
        /// The server's name for it, once it has one.
        id: Option<FileId>,
        /// When to go on.
        until_ms: u64,
        /// How much the server has, as far as is known.
        sent: u64,
    },
    /// It was announced, or asked after, and the server has not answered.
    Asked {
        /// The server's name for it, once it has one.
        id: Option<FileId>,
        /// How much the server has, as far as is known.
        sent: u64,
    },
    /// A piece is under way.
    Sending {
        /// The server's name for it.
        id: FileId,
        /// How much has left, in bytes.
        sent: u64,
    },
    /// The server has all of it.
    Done(File),
    /// The server refused it, in these words.
    Failed(String),
}

/// What a driver is to do for an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// `POST /api/v1/uploads`
    Announce {
        /// The room of its message.
        room: RoomId,
        /// What the device calls it.
        name: String,
        /// In bytes.
        size: u64,
        /// What the device believes it is.
        media_type: String,
    },
    /// `GET /api/v1/uploads/{id}`
    Ask(FileId),
    /// `PATCH /api/v1/uploads/{id}` with these bytes.
    Send {
        /// The server's name for it.
        id: FileId,
        /// Where the piece begins.
        offset: u64,
        /// How long it is, in bytes.
        bytes: u64,
    },
    /// Let go of its bytes; if the server knows it, `DELETE /api/v1/uploads/{id}`, whose answer is of no interest.
    Cancel(Option<FileId>),
}

/// What happened to a file.
#[derive(Clone, Debug)]
pub enum Happening {
    /// The person has chosen it: it goes its way at once, and lies in the room's tray.
    Chosen {
        /// Where.
        room: RoomId,
        /// What the device calls it.
        name: String,
        /// In bytes.
        size: u64,
        /// What the device believes it is; it may be empty.
        media_type: String,
    },
    /// The person does not want it to go with the message.
    Unwanted,
    /// It failed, and the person wants it tried again.
    Again,
    /// Something was heard of it.
    Progress(Progress),
}

/// What a driver heard of an upload.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The answer to [`Errand::Announce`] or [`Errand::Ask`].
    Stands(http::Upload),
    /// So much of the file has left the device, in bytes.
    Sent(u64),
    /// The server took a piece, and has so much now, in bytes.
    Took(u64),
    /// The server took the last piece, and this is the file.
    Finished(File),
    /// The server said no.
    Refused(Refused),
    /// No answer came.
    Unreachable,
}

impl Upload {
    /// How much has left the device, in bytes; none if nothing more is to leave.
    #[must_use]
    pub fn sent(&self) -> Option<u64> {
        match self.stage {
            Stage::Waiting { sent, .. } | Stage::Asked { sent, .. } | Stage::Sending { sent, .. } => Some(sent),
            Stage::Done(_) | Stage::Failed(_) => None,
        }
    }

    /// Whether it waits for something, and could go on at this time.
    fn is_due(&self, now_ms: u64) -> bool {
        matches!(self.stage, Stage::Waiting { until_ms, .. } if until_ms <= now_ms)
    }

    fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Asked { .. } | Stage::Sending { .. })
    }

    /// The server's name for it, and how much the server has.
    fn place(&self) -> (Option<FileId>, u64) {
        match self.stage {
            Stage::Waiting { id, sent, .. } | Stage::Asked { id, sent } => (id, sent),
            Stage::Sending { id, sent } => (Some(id), sent),
            Stage::Done(_) | Stage::Failed(_) => (None, 0),
        }
    }

    fn begin(&mut self) -> Errand {
        let (id, sent) = self.place();
        self.stage = Stage::Asked { id, sent };
        match id {
            Some(id) => Errand::Ask(id),
            None => Errand::Announce {
                room: self.room,
                name: self.name.clone(),
                size: self.size,
                media_type: self.media_type.clone(),
            },
        }
    }

    /// The next piece, from where the server stands.
    fn send(&mut self, id: FileId, offset: u64) -> Errand {
        self.stage = Stage::Sending { id, sent: offset };
        Errand::Send { id, offset, bytes: PIECE_BYTES.min(self.size.saturating_sub(offset)) }
    }

    fn wait(&mut self, now_ms: u64, wait_ms: Option<u64>) {
        let (id, sent) = self.place();
        let back_off_ms = BACK_OFF_MAX_MS.min(BACK_OFF_FIRST_MS << self.tries.min(5));
        self.tries += 1;
        self.stage = Stage::Waiting { id, until_ms: now_ms + wait_ms.unwrap_or(back_off_ms), sent };
    }

    fn hear(&mut self, now_ms: u64, progress: Progress) -> Option<Errand> {
        match progress {
            // It was cancelled, or failed, while the answer was on its way.
            _ if !self.is_under_way() => None,
            Progress::Stands(http::Upload { file: Some(file), .. }) | Progress::Finished(file) => {
                self.stage = Stage::Done(file);
                None
            }
            Progress::Stands(http::Upload { id, offset, file: None }) => {
                self.tries = 0;
                Some(self.send(id, offset))
            }
            Progress::Sent(bytes) => {
                if let Stage::Sending { sent, .. } = &mut self.stage {
                    *sent = bytes.min(self.size);
                }
                None
            }
            Progress::Took(offset) => {
                self.tries = 0;
                self.place().0.map(|id| self.send(id, offset))
            }
            Progress::Refused(refused) => {
                self.refused(now_ms, refused);
                None
            }
            Progress::Unreachable => {
                self.wait(now_ms, None);
                None
            }
        }
    }

    fn refused(&mut self, now_ms: u64, refused: Refused) {
        let (id, _) = self.place();
        let later =
            matches!(refused.code, Code::TooFast | Code::Busy | Code::StorageAway | Code::TimedOut | Code::Fault);
        let lost = id.is_some() && matches!(refused.code, Code::NotFound | Code::SizeWrong);
        if refused.code == Code::OffsetWrong {
            // The server knows better where it stands.
            self.wait(now_ms, Some(0));
        } else if later {
            self.wait(now_ms, refused.retry_after_ms);
        } else if lost && self.anew < ANEW_MAX {
            self.anew += 1;
            self.stage = Stage::Waiting { id: None, until_ms: now_ms, sent: 0 };
        } else {
            self.stage = Stage::Failed(refused.message);
        }
    }
}

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
