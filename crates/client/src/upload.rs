//! One file on its way to the server: announced, sent in pieces, taken up again where a connection broke.

use model::{ClientKey, File, FileId, RoomId};
use protocol::{Code, Refused, http};

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
    pub(crate) tries: u32,
    /// How often it began anew.
    pub(crate) anew: u32,
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
    pub(crate) fn is_due(&self, now_ms: u64) -> bool {
        matches!(self.stage, Stage::Waiting { until_ms, .. } if until_ms <= now_ms)
    }

    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Asked { .. } | Stage::Sending { .. })
    }

    /// The server's name for it, and how much the server has.
    pub(crate) fn place(&self) -> (Option<FileId>, u64) {
        match self.stage {
            Stage::Waiting { id, sent, .. } | Stage::Asked { id, sent } => (id, sent),
            Stage::Sending { id, sent } => (Some(id), sent),
            Stage::Done(_) | Stage::Failed(_) => (None, 0),
        }
    }

    pub(crate) fn begin(&mut self) -> Errand {
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

    pub(crate) fn hear(&mut self, now_ms: u64, progress: Progress) -> Option<Errand> {
        match progress {
            // It was cancelled, or failed, while the answer was on its way.
            _ if !self.is_under_way() => None,
            Progress::Stands(http::Upload { file: Some(file), .. }) | Progress::Finished(file) => {
                self.stage = Stage::Done(file);
                None
            }
            // No sign of better times yet: the server may have all of it, and nowhere to keep it.
            Progress::Stands(http::Upload { id, offset, file: None }) => Some(self.send(id, offset)),
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
