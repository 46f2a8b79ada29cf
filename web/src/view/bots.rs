//! The person's bots: which there are, what each of them has, and what is made for it. One dialog, a page at a time.

mod make;
mod one;
mod told;

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{HookId, Person, SessionId, UserId, limits::USERNAME_CHARS_MAX};
use protocol::{Code, http::Bot};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, SubmitEvent};

use self::told::Told;
use crate::{
    app::App,
    driver::{clock, fetch::Trouble},
    screen::put,
    view::{dialog, face, icon},
};

/// Where the focus goes on another page: to the first of these, or else to what the page is about.
const FIRST: [&str; 2] = [".bots-page :is([autofocus], .entry, #bot-name)", ".bots-page h3"];

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Keeping {
    app: App,
    dialog: NodeRef<html::Dialog>,
    known: RwSignal<Known>,
    page: RwSignal<Page>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// What is to be ended, if the person says so once more.
    sure: RwSignal<Option<End>>,
}

/// What is known of the bots.
#[derive(Clone, PartialEq, Eq)]
enum Known {
    Loading,
    /// They could not be asked for, and why.
    Trouble(String),
    /// The operator wants none.
    Closed,
    Here(Vec<Bot>),
}

/// What is shown.
#[derive(Clone)]
enum Page {
    /// All bots, and the way to one more.
    All,
    /// What a bot has.
    One(Person),
    /// The way to a token of it.
    Token(Person),
    /// The way to a hook of it.
    Hook(Person),
    /// What is told once.
    Told(Person, Told),
}

/// What can be ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Token(SessionId),
    Hook(HookId),
    Bot,
}

pub(crate) fn bots(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let this = Keeping {
        app,
        dialog,
        known: RwSignal::new(Known::Loading),
        page: RwSignal::new(Page::All),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
        sure: RwSignal::new(None),
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "bots")
        .attr("aria-labelledby", "bots-title")
        .on(ev::toggle, move |_| this.turned())
        .child((
            dialog::head(dialog, "bots-title", "Bots"),
            html::div().class("dialog-body bots-page").child(move || match this.page.get() {
                Page::All => all(this).into_any(),
                Page::One(bot) => one::one(this, &bot).into_any(),
                Page::Token(bot) => make::token(this, bot).into_any(),
                Page::Hook(bot) => make::hook(this, bot).into_any(),
                Page::Told(bot, told) => told::told(this, bot, told).into_any(),
            }),
            html::p().class("trouble").attr("role", "alert").child(move || this.trouble.get()),
        ))
}

impl Keeping {
    /// The dialog was opened, or closed.
    fn turned(self) {
        if self.dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
            spawn_local(self.learn());
        } else {
            // What was told once is gone now.
            self.page.set(Page::All);
            self.trouble.set(None);
        }
    }

    /// Shows another page, and leads there who goes by the keyboard.
    fn turn(self, page: Page) {
        self.trouble.set(None);
        self.sure.set(None);
        self.page.set(page);
        clock::next_frame(&self.app.window(), move || {
            let Some(dialog) = self.dialog.get_untracked() else { return };
            let first = FIRST.iter().find_map(|css| dialog.query_selector(css).ok().flatten());
            if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                let _ = first.focus();
            }
        });
    }

    async fn learn(self) {
        match self.app.bots().await {
            Ok(bots) => put(self.known, Known::Here(bots)),
            Err(Trouble::Refused(Code::NotAllowed, _)) => put(self.known, Known::Closed),
            // Of what is known already it is said where it is shown.
            Err(why) if self.known.with_untracked(|known| matches!(known, Known::Here(_))) => {
                self.trouble.set(Some(why.words()));
            }
            Err(why) => put(self.known, Known::Trouble(why.words())),
        }
    }

    /// A bot as it is known by now.
    fn bot(self, id: UserId) -> Option<Bot> {
        self.known.with(|known| match known {
            Known::Here(bots) => bots.iter().find(|bot| bot.bot.id == id).cloned(),
            Known::Loading | Known::Trouble(_) | Known::Closed => None,
        })
    }

    /// Does one thing at a time, asks how things stand then, and shows the page that it leads to.
    fn run(self, deed: impl Future<Output = Result<Page, Trouble>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            match deed.await {
                Ok(page) => {
                    self.learn().await;
                    // Who has closed the dialog meanwhile finds it as it opens.
                    if self.dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
                        self.turn(page);
                    }
                }
                Err(why) => self.trouble.set(Some(why.words())),
            }
            self.busy.set(false);
        });
    }

    /// Says what is lacking.
    fn lacks(self, words: &str) {
        self.trouble.set(Some(words.to_owned()));
    }

    /// The button of a form.
    fn submit(self, words: &'static str) -> impl IntoView {
        html::button()
            .attr("type", "submit")
            .class("primary")
            .attr("aria-disabled", move || self.busy.get().then_some("true"))
            .child(words)
    }
}

/// The head of a page: the way back, and what it is about.
fn head(this: Keeping, back: Page, words: String) -> impl IntoView {
    html::div().class("bots-head").child((
        html::button()
            .attr("type", "button")
            .class("round")
            .attr("aria-label", "Back")
            .on(ev::click, move |_| this.turn(back.clone()))
            .child(icon::back()),
        html::h3().attr("dir", "auto").attr("tabindex", "-1").child(words),
    ))
}

/// All bots.
fn all(this: Keeping) -> impl IntoView {
    let here = Memo::new(move |_| this.known.with(|known| matches!(known, Known::Here(_))));
    (
        html::p()
            .class("hint")
            .child("A bot is the account of a program. What it says stands under its own name, and it sees only the rooms it is in."),
        move || list(this),
        move || here.get().then(|| form(this)),
    )
}

fn list(this: Keeping) -> AnyView {
    let one = |bot: Bot| {
        let (tokens, hooks) = (bot.tokens.len(), bot.hooks.len());
        let has = format!("{}, {}", counted(tokens, "token"), counted(hooks, "hook"));
        let inside =
            (face::of(&bot.bot), html::bdi().child(bot.bot.called().to_owned()), html::span().class("hint").child(has));
        let button = html::button().attr("type", "button").class("entry");
        html::li().child(button.on(ev::click, move |_| this.turn(Page::One(bot.bot.clone()))).child(inside))
    };
    match this.known.get() {
        Known::Loading => html::p().class("hint").child("Loading…").into_any(),
        Known::Closed => html::p().child("The operator of this server has switched bots off.").into_any(),
        Known::Here(bots) if bots.is_empty() => html::p().class("hint").child("You have none yet.").into_any(),
        Known::Here(bots) => html::ul().class("entries").child(bots.into_iter().map(one).collect_view()).into_any(),
        Known::Trouble(words) => (
            html::p().class("trouble").attr("role", "alert").child(words),
            html::button()
                .attr("type", "button")
                .class("outline")
                .on(ev::click, move |_| spawn_local(this.learn()))
                .child("Try again"),
        )
            .into_any(),
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// The way to one more.
fn form(this: Keeping) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = field.get_untracked().map(|field| field.value()) else { return };
        this.run(async move { this.app.make_bot(name).await.map(Page::One) });
    };
    html::form().class("labelled dialog-part").on(ev::submit, submit).child((
        html::label().attr("for", "bot-name").child("Name of a new bot"),
        html::div().class("field-row").child((
            html::input()
                .node_ref(field)
                .attr("id", "bot-name")
                .attr("type", "text")
                .attr("maxlength", USERNAME_CHARS_MAX.to_string())
                .attr("autocomplete", "off")
                .attr("autocapitalize", "none")
                .attr("spellcheck", "false")
                .attr("placeholder", "build-bot")
                .attr("aria-describedby", "bot-name-hint")
                .on(ev::input, move |_| this.trouble.set(None)),
            this.submit("Make it"),
        )),
        html::p().class("hint").attr("id", "bot-name-hint").child("Letters and digits, and . - _ between them."),
    ))
}
