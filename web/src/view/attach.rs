//! Files on their way into a message: by the button, dropped on the room, or pasted; and the tray in which they lie.

use client::{Happening, Stage, Upload};
use leptos::{
    control_flow::{For, ForProps},
    ev, html,
    prelude::*,
};
use model::{ClientKey, RoomId};
use web_sys::{ClipboardEvent, DragEvent, FileList, HtmlInputElement};

use crate::{app::App, driver::words::size, view::icon};

/// The button, and the field behind it that opens the device's own window for choosing.
pub(crate) fn button(app: App, room: RoomId) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(field) = field.get_untracked() else { return };
        if let Some(files) = HtmlInputElement::files(&field) {
            app.attach(room, &files);
        }
        // Choosing the same file again is a choice, too.
        field.set_value("");
    };
    (
        html::input()
            .node_ref(field)
            .attr("id", "files")
            .attr("type", "file")
            .attr("multiple", "")
            .attr("hidden", "")
            .attr("aria-label", "Files to attach")
            .on(ev::change, chosen),
        html::button()
            .attr("type", "button")
            .class("round attach")
            .attr("aria-label", "Attach files")
            .attr("title", "Attach files")
            .on(ev::click, move |_| {
                if let Some(field) = field.get_untracked() {
                    web_sys::HtmlElement::click(&field);
                }
            })
            .child(icon::clip()),
    )
}

/// Whatever was pasted: files go into the tray, text goes its own way.
pub(crate) fn pasted(app: App, room: RoomId, event: &ClipboardEvent) {
    let files = event.clipboard_data().and_then(|data| data.files());
    if let Some(files) = files.filter(|files| files.length() > 0) {
        event.prevent_default();
        app.attach(room, &files);
    }
}

/// What a room does with files that are dragged over it.
#[derive(Clone, Copy)]
pub(crate) struct Drop {
    app: App,
    room: RoomId,
    /// How many of the room's elements the file is over: it enters one before it leaves the other.
    over: RwSignal<i32>,
}

impl Drop {
    pub(crate) fn new(app: App, room: RoomId) -> Self {
        Self { app, room, over: RwSignal::new(0) }
    }

    pub(crate) fn entered(self, event: &DragEvent) {
        if has_files(event) {
            event.prevent_default();
            self.over.update(|over| *over += 1);
        }
    }

    /// Without this the browser would open the file itself.
    pub(crate) fn hovers(event: &DragEvent) {
        if has_files(event) {
            event.prevent_default();
        }
    }

    pub(crate) fn left(self, event: &DragEvent) {
        if has_files(event) {
            self.over.update(|over| *over = (*over - 1).max(0));
        }
    }

    pub(crate) fn dropped(self, event: &DragEvent) {
        self.over.set(0);
        if let Some(files) = dragged(event).filter(|files| files.length() > 0) {
            event.prevent_default();
            self.app.attach(self.room, &files);
        }
    }

    /// What is shown while a file is over the room.
    pub(crate) fn veil(self) -> impl IntoView {
        move || {
            (self.over.get() > 0)
                .then(|| html::div().class("drop-veil").child(html::p().child((icon::clip(), "Drop to attach"))))
        }
    }
}

fn dragged(event: &DragEvent) -> Option<FileList> {
    event.data_transfer().and_then(|data| data.files())
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// The files that lie beside what is being written.
pub(crate) fn tray(app: App) -> impl IntoView {
    let tray = app.screen.tray;
    let items = move || {
        For(ForProps::builder()
            .each(move || tray.get().into_iter().map(|upload| upload.key))
            .key(|key: &ClientKey| key.clone())
            .children(move |key| item(app, &key))
            .build())
    };
    let empty = Memo::new(move |_| tray.with(Vec::is_empty));
    move || (!empty.get()).then(|| html::ul().class("tray").attr("aria-label", "Attached files").child(items()))
}

fn item(app: App, key: &ClientKey) -> impl IntoView + use<> {
    let (name, away, again) = (key.clone(), key.clone(), key.clone());
    let upload =
        Memo::new(move |_| app.screen.tray.with(|tray| tray.iter().find(|upload| upload.key == name).cloned()));
    let called = upload.get_untracked().map(|upload| upload.name).unwrap_or_default();
    let face = match app.shown(key) {
        Some(address) => html::img().attr("src", address).attr("alt", "").into_any(),
        None => icon::file().into_any(),
    };
    let failed = move || upload.get().is_some_and(|upload| matches!(upload.stage, Stage::Failed(_)));
    let may_again = move || {
        failed().then(|| {
            let key = again.clone();
            html::button()
                .attr("type", "button")
                .class("quiet")
                .on(ev::click, move |_| app.about_file(key.clone(), Happening::Again))
                .child("Try again")
        })
    };
    html::li().class("tray-item").attr("data-failed", move || failed().then_some("true")).child((
        html::span().class("tray-face").attr("aria-hidden", "true").child(face),
        html::span().class("tray-words").child((
            html::bdi().class("tray-name").child(called.clone()),
            html::span()
                .class("tray-stage")
                .attr("role", "status")
                .child(move || upload.get().map(|upload| words(&upload))),
            move || upload.get().and_then(|upload| bar(&upload)),
        )),
        may_again,
        html::button()
            .attr("type", "button")
            .class("round")
            .attr("aria-label", format!("Remove {called}"))
            .on(ev::click, move |_| app.about_file(away.clone(), Happening::Unwanted))
            .child(icon::close()),
    ))
}

/// How far a file has come, in words.
fn words(upload: &Upload) -> String {
    match &upload.stage {
        Stage::Waiting { .. } => format!("{} · waiting", size(upload.size)),
        Stage::Asked { .. } | Stage::Sending { .. } => format!("{} · uploading", size(upload.size)),
        Stage::Done(_) => format!("{} · ready", size(upload.size)),
        Stage::Failed(why) => why.clone(),
    }
}

/// How far a file has come, as a bar; none where there is nothing to wait for.
pub(crate) fn bar(upload: &Upload) -> Option<impl IntoView + use<>> {
    let sent = upload.sent()?;
    Some(
        html::progress()
            .attr("max", upload.size.max(1).to_string())
            .attr("value", sent.to_string())
            .attr("aria-label", format!("Upload of {}", upload.name)),
    )
}
