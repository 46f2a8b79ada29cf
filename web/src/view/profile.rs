//! What one tells of oneself: the dialog that changes it.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    Timestamp,
    limits::{ABOUT_CHARS_MAX, DISPLAY_NAME_CHARS_MAX, STATUS_CHARS_MAX, USERNAME_CHARS_MAX},
};
use protocol::http::{PersonCard, ProfileBody, StatusBody};

use crate::{
    app::App,
    driver::{clock, zones},
    view::{dialog, portrait, regard},
};

const MINUTE_MS: i64 = 60_000;

/// How long a status stands: minutes, or a name for what has none.
const SPANS: [(&str, &str); 6] = [
    ("", "Until I change it"),
    ("30", "For 30 minutes"),
    ("60", "For an hour"),
    ("240", "For 4 hours"),
    (TODAY, "Today"),
    ("10080", "For a week"),
];
const TODAY: &str = "today";
/// The end that was set before.
const AS_IT_IS: &str = "same";

/// What people are doing most.
const USUAL: [(&str, &str, &str); 5] = [
    ("📅", "In a meeting", "60"),
    ("🎧", "Not to be disturbed", "60"),
    ("🏠", "Working from home", TODAY),
    ("🤒", "Out sick", TODAY),
    ("🏝️", "On holiday", ""),
];

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Form {
    app: App,
    dialog: NodeRef<html::Dialog>,
    display: NodeRef<html::Input>,
    username: NodeRef<html::Input>,
    about: NodeRef<html::Input>,
    zone: NodeRef<html::Select>,
    emoji: NodeRef<html::Input>,
    status: NodeRef<html::Input>,
    span: NodeRef<html::Select>,
    /// What is told now; the fields are shown when it is known.
    told: RwSignal<Option<PersonCard>>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

pub(crate) fn profile(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let form = Form {
        app,
        dialog,
        display: NodeRef::new(),
        username: NodeRef::new(),
        about: NodeRef::new(),
        zone: NodeRef::new(),
        emoji: NodeRef::new(),
        status: NodeRef::new(),
        span: NodeRef::new(),
        told: RwSignal::new(None),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "profile")
        .attr("aria-labelledby", "profile-title")
        .on(ev::toggle, move |_| form.turned())
        .child((
            dialog::head(dialog, "profile-title", "Your profile"),
            move || form.told.get().map(|told| (portrait::portrait(app), fields(form, &told))),
            html::p().class("trouble").attr("role", "alert").child(move || form.trouble.get()),
            regard::list(app),
        ))
}

impl Form {
    /// The dialog was opened, or closed.
    fn turned(self) {
        self.trouble.set(None);
        self.told.set(None);
        let is_open = self.dialog.get_untracked().is_some_and(|dialog| dialog.open());
        let Some(me) = self.app.screen.me.get_untracked().filter(|_| is_open) else { return };
        spawn_local(async move {
            match self.app.person(me.person.id).await {
                Ok(told) => self.told.set(Some(told)),
                Err(why) => self.trouble.set(Some(why.words())),
            }
        });
    }

    fn save(self) {
        let Some(body) = self.body().filter(|_| !self.busy.get_untracked()) else { return };
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            match self.app.set_profile(&body).await {
                Ok(()) => dialog::close(self.dialog),
                Err(why) => self.trouble.set(Some(why.words())),
            }
            self.busy.set(false);
        });
    }

    /// What stands in the fields.
    fn body(self) -> Option<ProfileBody> {
        let told = self.told.get_untracked()?;
        let text = |field: NodeRef<html::Input>| field.get_untracked().map(|field| field.value());
        let before = told.profile.status.and_then(|status| status.until);
        let until = self.span.get_untracked().and_then(|span| end(&span.value(), before));
        let username = text(self.username)?;
        Some(ProfileBody {
            username: (username != told.entry.person.name.as_str()).then_some(username),
            display: text(self.display)?,
            about: text(self.about)?,
            time_zone: self.zone.get_untracked()?.value(),
            status: Some(StatusBody { text: text(self.status)?, emoji: text(self.emoji)?, until }),
        })
    }

    /// Puts a status into the fields.
    fn put(self, emoji: &str, text: &str, span: &str) {
        if let (Some(a), Some(b), Some(c)) =
            (self.emoji.get_untracked(), self.status.get_untracked(), self.span.get_untracked())
        {
            a.set_value(emoji);
            b.set_value(text);
            c.set_value(span);
        }
    }
}

/// When a status that is set now is over.
fn end(span: &str, before: Option<Timestamp>) -> Option<Timestamp> {
    match span {
        AS_IT_IS => before,
        TODAY => Some(clock::midnight()),
        minutes => minutes.parse().ok().map(|minutes: i64| clock::wall().plus_ms(minutes * MINUTE_MS)),
    }
}

fn fields(form: Form, told: &PersonCard) -> impl IntoView + use<> {
    let person = &told.entry.person;
    let about = told.profile.about.as_ref().map(|about| about.as_str().to_owned()).unwrap_or_default();
    let display = person.display.as_ref().map(|display| display.as_str().to_owned()).unwrap_or_default();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    html::form().class("stack profile-form").on(ev::submit, submit).child((
        labelled("profile-display", "Name", "What others see. Empty: your username.", {
            field("profile-display", form.display, &display, DISPLAY_NAME_CHARS_MAX)
                .attr("placeholder", person.name.to_string())
                .attr("autocomplete", "name")
        }),
        labelled(
            "profile-username",
            "Username",
            "You log in with it. Nobody else gets your former one for 90 days.",
            {
                field("profile-username", form.username, person.name.as_str(), USERNAME_CHARS_MAX)
                    .attr("autocomplete", "username")
                    .attr("autocapitalize", "none")
                    .attr("spellcheck", "false")
                    .attr("required", "")
            },
        ),
        labelled("profile-about", "About you", "", {
            field("profile-about", form.about, &about, ABOUT_CHARS_MAX).attr("autocomplete", "off")
        }),
        labelled("profile-zone", "Time zone", "Others see what time it is where you are.", zone(form, told)),
        status(form, told),
        html::div().class("dialog-foot").child(
            html::button()
                .attr("type", "submit")
                .class("primary")
                .attr("aria-disabled", move || form.busy.get().then_some("true"))
                .child("Save"),
        ),
    ))
}

fn labelled(id: &'static str, label: &'static str, hint: &'static str, field: impl IntoView) -> impl IntoView {
    html::div().class("labelled").child((
        html::label().attr("for", id).child(label),
        field,
        (!hint.is_empty()).then(|| html::p().class("hint").child(hint)),
    ))
}

fn field(
    id: &'static str,
    node: NodeRef<html::Input>,
    value: &str,
    chars_max: usize,
) -> html::HtmlElement<html::Input, impl leptos::attr::Attribute + use<>, ()> {
    html::input()
        .node_ref(node)
        .attr("id", id)
        .attr("type", "text")
        .attr("dir", "auto")
        .attr("maxlength", chars_max.to_string())
        .attr("value", value.to_owned())
}

/// None, the device's own, and all that the browser knows.
fn zone(form: Form, told: &PersonCard) -> impl IntoView + use<> {
    let chosen = told.profile.time_zone.as_ref().map(|zone| zone.as_str().to_owned()).unwrap_or_default();
    let here = zones::here();
    let option = |zone: String, words: String| {
        html::option().attr("value", zone.clone()).attr("selected", (zone == chosen).then_some("")).child(words)
    };
    let all: Vec<String> = zones::all();
    let unknown = (!chosen.is_empty() && !all.contains(&chosen)).then(|| option(chosen.clone(), chosen.clone()));
    let own = here.filter(|here| *here != chosen).map(|here| option(here.clone(), format!("Here: {here}")));
    html::select().node_ref(form.zone).attr("id", "profile-zone").child((
        option(String::new(), "Not told".into()),
        own,
        unknown,
        all.into_iter().map(|zone| option(zone.clone(), zone.replace('_', " "))).collect_view(),
    ))
}

fn status(form: Form, told: &PersonCard) -> impl IntoView + use<> {
    let now = told.profile.status.clone();
    let until = now.as_ref().and_then(|status| status.until);
    let text = now.as_ref().map(|status| status.text.as_str().to_owned()).unwrap_or_default();
    let emoji = now.and_then(|status| status.emoji).map(|emoji| emoji.as_str().to_owned()).unwrap_or_default();
    let usual = USUAL.map(|(emoji, text, span)| {
        html::button()
            .attr("type", "button")
            .class("chip")
            .on(ev::click, move |_| form.put(emoji, text, span))
            .child(format!("{emoji} {text}"))
    });
    let before = until.map(|until| {
        let until = form.app.with_words(|words| words.moment(until));
        html::option().attr("value", AS_IT_IS).attr("selected", "").child(format!("Until {until}"))
    });
    html::fieldset().class("labelled profile-status").child((
        html::legend().child("Status"),
        html::div().class("field-row").child((
            field("profile-emoji", form.emoji, &emoji, 16)
                .attr("aria-label", "Emoji beside the status")
                .attr("placeholder", "🙂")
                .attr("autocomplete", "off"),
            field("profile-status", form.status, &text, STATUS_CHARS_MAX)
                .attr("aria-label", "Status")
                .attr("placeholder", "What are you up to?")
                .attr("autocomplete", "off"),
        )),
        html::select().node_ref(form.span).attr("aria-label", "How long the status stands").child((
            before,
            SPANS.map(|(value, words)| html::option().attr("value", value).child(words)).into_iter().collect_view(),
        )),
        html::div().class("chips").child((
            usual.into_iter().collect_view(),
            html::button()
                .attr("type", "button")
                .class("chip")
                .on(ev::click, move |_| form.put("", "", ""))
                .child("No status"),
        )),
    ))
}
