//! Files that were chosen: their bytes, and what the engine wants done with them.

use std::{cell::RefCell, collections::BTreeMap};

use client::{Errand, Happening, Input, Progress, Stage};
use leptos::{prelude::WithUntracked, task::spawn_local};
use model::{ClientKey, RoomId};
use protocol::{
    decode, encode,
    http::{Problem, Upload, UploadBody},
};
use web_sys::{File, FileList, Url};

use super::App;
use crate::driver::{
    fetch::Trouble,
    request::{self, Answer, Load},
    seed,
};

const UPLOADS: &str = "/api/v1/uploads";

/// The files that were chosen, by the engine's names.
#[derive(Default)]
pub(super) struct Files(RefCell<BTreeMap<ClientKey, Chosen>>);

struct Chosen {
    file: File,
    /// An address at which the page itself shows it, if it is a picture.
    shown: Option<String>,
}

impl App {
    /// The person wants these files in the next message.
    pub(crate) fn attach(self, room: RoomId, files: &FileList) {
        for file in (0..files.length()).filter_map(|place| files.get(place)) {
            self.attach_file(room, file);
        }
    }

    /// The person wants this file in the next message.
    pub(crate) fn attach_file(self, room: RoomId, file: File) {
        let inner = self.inner();
        let [one, other] = seed::draw(&inner.window);
        let Ok(key) = ClientKey::parse(&format!("{one:016x}{other:016x}")) else { return };
        let (name, media_type) = (file.name(), file.type_());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole bytes, below 2^53")]
        let size = file.size() as u64;
        let shown = media_type.starts_with("image/").then(|| Url::create_object_url_with_blob(&file).ok()).flatten();
        inner.files.0.borrow_mut().insert(key.clone(), Chosen { file, shown });
        self.give(Input::Upload { key, what: Happening::Chosen { room, name, size, media_type } });
    }

    /// Tells the engine something about a file.
    pub(crate) fn about_file(self, key: ClientKey, what: Happening) {
        self.give(Input::Upload { key, what });
    }

    /// Where the page shows a file that was chosen, if it is a picture.
    pub(crate) fn shown(self, key: &ClientKey) -> Option<String> {
        self.inner().files.0.borrow().get(key)?.shown.clone()
    }

    /// Whether nothing in the tray would go with a message.
    pub(crate) fn tray_is_empty(self, room: RoomId) -> bool {
        self.screen.tray.with_untracked(|tray| {
            !tray.iter().any(|upload| upload.room == room && !matches!(upload.stage, Stage::Failed(_)))
        })
    }

    /// Whether a file is on its way, which would be lost with the page.
    pub(crate) fn is_uploading(self) -> bool {
        self.inner().client.borrow().is_uploading()
    }

    /// Does what the engine wants done for a file.
    pub(super) fn run_errand(self, key: ClientKey, errand: Errand) {
        let (method, path, load) = match errand {
            Errand::Cancel(id) => return self.let_go(&key, id),
            Errand::Announce { room, name, size, media_type } => {
                let body = UploadBody { room, key: key.as_str().to_owned(), name, size, media_type };
                ("POST", UPLOADS.to_owned(), Load::Json(encode(&body)))
            }
            Errand::Ask(id) => ("GET", format!("{UPLOADS}/{id}"), Load::Nothing),
            Errand::Send { id, offset, bytes } => match self.piece(&key, offset, bytes) {
                Some(piece) => ("PATCH", format!("{UPLOADS}/{id}"), Load::Piece(piece, offset)),
                None => return,
            },
        };
        let begins = if let Load::Piece(_, offset) = &load { Some(*offset) } else { None };
        spawn_local(async move {
            let name = key.clone();
            let sent = move |bytes| {
                if let Some(offset) = begins {
                    self.about_file(name.clone(), Happening::Progress(Progress::Sent(offset + bytes)));
                }
            };
            let answer = request::ask(method, &path, load, sent).await;
            if answer.as_ref().is_some_and(|answer| answer.status == 401) {
                return self.give(Input::SignedOut);
            }
            self.about_file(key, Happening::Progress(progress(answer)));
        });
    }

    #[expect(clippy::cast_precision_loss, reason = "sizes of files are below 2^53")]
    fn piece(self, key: &ClientKey, offset: u64, bytes: u64) -> Option<web_sys::Blob> {
        let inner = self.inner();
        let files = inner.files.0.borrow();
        files.get(key)?.file.slice_with_f64_and_f64(offset as f64, (offset + bytes) as f64).ok()
    }

    fn let_go(self, key: &ClientKey, id: Option<model::FileId>) {
        self.forget_file(key);
        if let Some(id) = id {
            spawn_local(async move {
                request::ask("DELETE", &format!("{UPLOADS}/{id}"), Load::Nothing, |_| ()).await;
            });
        }
    }

    /// Lets go of a file's bytes: the server has it, or nobody wants it.
    pub(super) fn forget_file(self, key: &ClientKey) {
        let chosen = self.inner().files.0.borrow_mut().remove(key);
        if let Some(address) = chosen.and_then(|chosen| chosen.shown) {
            let _ = Url::revoke_object_url(&address);
        }
    }

    /// Lets go of the files that are no upload any more: their message has gone.
    pub(super) fn forget_sent_files(self) {
        let inner = self.inner();
        let sent: Vec<ClientKey> = {
            let client = inner.client.borrow();
            let files = inner.files.0.borrow();
            files.keys().filter(|key| client.upload(key).is_none()).cloned().collect()
        };
        for key in sent {
            self.forget_file(&key);
        }
    }
}

impl App {
    /// What is at this address is this picture from now on. An error is in words.
    pub(crate) async fn set_picture(self, path: &str, picture: web_sys::Blob) -> Result<(), String> {
        let answer = request::ask("PUT", path, Load::Bytes(picture), |_| ()).await;
        let away = || Trouble::Unreachable.words();
        let Answer { status, body, .. } = answer.ok_or_else(away)?;
        match status {
            200..300 => Ok(()),
            _ => Err(decode::<Problem>(&body).map_or_else(|_| away(), |problem| problem.error.message)),
        }
    }
}

/// What an answer says of an upload.
fn progress(answer: Option<Answer>) -> Progress {
    let Some(Answer { status, body, offset }) = answer else { return Progress::Unreachable };
    let understood = match status {
        204 => offset.map(Progress::Took),
        200..300 => decode::<Upload>(&body)
            .map(Progress::Stands)
            .or_else(|_| decode::<model::File>(&body).map(Progress::Finished))
            .ok(),
        _ => decode::<Problem>(&body).map(|problem| Progress::Refused(problem.error)).ok(),
    };
    understood.unwrap_or(Progress::Unreachable)
}
