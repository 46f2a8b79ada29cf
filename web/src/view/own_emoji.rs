//! The server's own emoji: which there are, as others add them; and the dialog in which an administrator adds and removes some.

use client::Connection;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    EmojiName,
    limits::{EMOJI_NAME_CHARS_MAX, EMOJI_PICTURE_BYTES_MAX},
};
use web_sys::{File, HtmlElement, HtmlInputElement, Url};

use crate::{
    app::App,
    driver::clock,
    screen::put,
    view::{dialog, markup},
};

/// Time between two questions which there are, in milliseconds.
const ASK_EVERY_MS: u64 = 3_000;

/// What is known of them. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct OwnEmoji {
    app: App,
    /// When the next question may be asked.
    next_ms: StoredValue<u64>,
    /// One is being asked, or waits for its time.
    asking: StoredValue<bool>,
}

/// Asks which there are: now, when the line is back, and when something is named that is none of them.
pub(crate) fn follow(app: App) -> OwnEmoji {
    let own = OwnEmoji { app, next_ms: StoredValue::new(0), asking: StoredValue::new(false) };
    Effect::new(move |_| {
        if app.screen.connection.get() == Connection::Online {
            own.ask();
        }
    });
    Effect::new(move |_| {
        if app.screen.lacking.get() {
            own.ask();
        }
    });
    own
}

impl OwnEmoji {
    fn ask(self) {
        if self.asking.get_value() {
            return;
        }
        self.asking.set_value(true);
        let wait_ms = self.next_ms.get_value().saturating_sub(self.app.now_ms());
        clock::later(&self.app.window(), wait_ms, move || {
            spawn_local(async move {
                // What is found lacking from here on needs another question.
                put(self.app.screen.lacking, false);
                self.fetch().await;
                self.next_ms.set_value(self.app.now_ms() + ASK_EVERY_MS);
                self.asking.set_value(false);
                if self.app.screen.lacking.get_untracked() {
                    self.ask();
                }
            });
        });
    }

    async fn fetch(self) {
        if let Ok(all) = self.app.custom_emoji().await {
            let all = all.into_iter().map(|emoji| format!(":{}:{}", emoji.name.as_str(), emoji.picture));
            put(self.app.screen.own_emoji, all.collect());
        }
    }
}

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Keeping {
    own: OwnEmoji,
    dialog: NodeRef<html::Dialog>,
    file: NodeRef<html::Input>,
    name: NodeRef<html::Input>,
    chosen: StoredValue<Option<File>, LocalStorage>,
    /// Where the page shows the picture that was chosen.
    shown: RwSignal<Option<String>>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// What is to be removed, if the administrator says so once more.
    leaving: RwSignal<Option<String>>,
}

/// Adds emoji and removes some.
pub(crate) fn keeping(own: OwnEmoji, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let this = Keeping {
        own,
        dialog,
        file: NodeRef::new(),
        name: NodeRef::new(),
        chosen: StoredValue::new_local(None),
        shown: RwSignal::new(None),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
        leaving: RwSignal::new(None),
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "own-emoji")
        .attr("aria-labelledby", "own-emoji-title")
        .on(ev::toggle, move |_| this.turned())
        .child((
            dialog::head(dialog, "own-emoji-title", "Custom emoji"),
            form(this),
            html::p().class("trouble").attr("role", "alert").child(move || this.trouble.get()),
            move || list(this),
        ))
}

fn form(this: Keeping) -> impl IntoView {
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        this.add();
    };
    let picture = move || match this.shown.get() {
        Some(shown) => html::img().class("own-emoji").attr("src", shown).attr("alt", "The chosen picture").into_any(),
        None => html::span().class("own-emoji-none").attr("aria-hidden", "true").into_any(),
    };
    html::form().class("stack").on(ev::submit, submit).child((
        html::p().class("hint").child("Everybody here can write them by their names, and react with them."),
        html::input()
            .node_ref(this.file)
            .attr("id", "own-emoji-file")
            .attr("type", "file")
            .attr("accept", "image/png,image/jpeg,image/gif,image/webp")
            .attr("hidden", "")
            .attr("aria-label", "The emoji's picture")
            .on(ev::change, move |_| this.chose()),
        html::div().class("own-emoji-picture").child((
            picture,
            html::button()
                .attr("type", "button")
                .class("outline")
                .on(ev::click, move |_| this.choose())
                .child(move || if this.shown.get().is_some() { "Choose another picture" } else { "Choose a picture" }),
        )),
        html::div().class("labelled").child((
            html::label().attr("for", "own-emoji-name").child("Name"),
            html::div().class("field-row").child((
                html::input()
                    .node_ref(this.name)
                    .attr("id", "own-emoji-name")
                    .attr("type", "text")
                    .attr("maxlength", EMOJI_NAME_CHARS_MAX.to_string())
                    .attr("autocomplete", "off")
                    .attr("autocapitalize", "none")
                    .attr("spellcheck", "false")
                    .attr("placeholder", "party_stone")
                    .attr("aria-describedby", "own-emoji-hint")
                    .on(ev::input, move |_| this.trouble.set(None)),
                html::button()
                    .attr("type", "submit")
                    .class("primary")
                    .attr("aria-disabled", move || this.busy.get().then_some("true"))
                    .child("Add"),
            )),
            html::p().class("hint").attr("id", "own-emoji-hint").child("Small letters a to z, digits, _ and -."),
        )),
    ))
}

/// Those that there are.
fn list(this: Keeping) -> AnyView {
    let all = this.own.app.own_emoji("");
    if all.is_empty() {
        return html::p().class("hint").child("There are none yet.").into_any();
    }
    let one = |(form, _): (String, String)| {
        let (wanted, name) = (form.clone(), form.clone());
        let asked = Memo::new(move |_| this.leaving.with(|leaving| leaving.as_ref() == Some(&wanted)));
        let said = form.clone();
        let label = move || format!("{} {said}", if asked.get() { "Yes, remove" } else { "Remove" });
        html::li().child((
            markup::emoji(this.own.app, form.clone()),
            html::bdi().child(form),
            html::button()
                .attr("type", "button")
                .class(move || if asked.get() { "danger" } else { "quiet" })
                .attr("aria-label", label)
                .on(ev::click, move |_| this.remove(&name))
                .child(move || if asked.get() { "Yes, remove" } else { "Remove" }),
        ))
    };
    html::ul().class("dialog-body own-emoji-list").child(all.into_iter().map(one).collect_view()).into_any()
}

impl Keeping {
    /// The dialog was opened, or closed.
    fn turned(self) {
        self.let_go();
        self.trouble.set(None);
        self.leaving.set(None);
        if self.dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
            self.own.app.screen.lacking.set(true);
        }
    }

    fn choose(self) {
        self.trouble.set(None);
        if let Some(field) = self.file.get_untracked() {
            HtmlElement::click(&field);
        }
    }

    fn chose(self) {
        let Some(field) = self.file.get_untracked() else { return };
        let Some(file) = HtmlInputElement::files(&field).and_then(|files| files.get(0)) else { return };
        self.let_go();
        field.set_value("");
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        if file.size() > EMOJI_PICTURE_BYTES_MAX as f64 {
            return self.trouble.set(Some("The picture is too large: 1 MB at most.".into()));
        }
        self.shown.set(Url::create_object_url_with_blob(&file).ok());
        if let Some(name) = self.name.get_untracked() {
            if name.value().is_empty() {
                name.set_value(&name_of(&file.name()));
            }
            let _ = name.focus();
        }
        self.chosen.set_value(Some(file));
    }

    /// Forgets the picture that was chosen.
    fn let_go(self) {
        self.chosen.set_value(None);
        if let Some(address) = self.shown.try_update(Option::take).flatten() {
            let _ = Url::revoke_object_url(&address);
        }
    }

    fn add(self) {
        let Some(field) = self.name.get_untracked().filter(|_| !self.busy.get_untracked()) else { return };
        let Some(file) = self.chosen.get_value() else {
            return self.trouble.set(Some("Choose a picture first.".into()));
        };
        let name = match EmojiName::parse(field.value().trim().trim_matches(':')) {
            Ok(name) => name,
            Err(why) => return self.trouble.set(Some(why.to_string())),
        };
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            match self.own.app.set_picture(&format!("/api/v1/emoji/{}", name.as_str()), file.into()).await {
                Ok(()) => {
                    self.let_go();
                    field.set_value("");
                    self.own.fetch().await;
                    self.own.app.tell(format!("Everybody can use :{}: now.", name.as_str()));
                }
                Err(why) => self.trouble.set(Some(why)),
            }
            self.busy.set(false);
        });
    }

    /// The first time asks; the second removes.
    fn remove(self, form: &str) {
        let sure = self.leaving.with_untracked(|leaving| leaving.as_deref() == Some(form));
        self.leaving.set((!sure).then(|| form.to_owned()));
        if !sure {
            return;
        }
        let name = form.trim_matches(':').to_owned();
        spawn_local(async move {
            match self.own.app.remove_emoji(&name).await {
                Ok(()) => {
                    self.own.fetch().await;
                    self.own.app.tell(format!(":{name}: is removed."));
                }
                Err(why) => self.trouble.set(Some(why.words())),
            }
        });
    }
}

/// What a picture's file could be called as an emoji.
fn name_of(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_ascii_lowercase();
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    name.trim_matches(['_', '-']).chars().take(EMOJI_NAME_CHARS_MAX).collect()
}
