//! One bot: its tokens, its hooks, and its end.

use leptos::{ev, html, prelude::*};
use model::{HookKind, Person, Scope, Timestamp};
use protocol::http::{BotToken, Hook};

use super::{End, Keeping, Page, head};
use crate::driver::clock;

pub(super) fn one(this: Keeping, bot: &Person) -> impl IntoView + use<> {
    let name = bot.called().to_owned();
    let (tokens, hooks) = this.bot(bot.id).map(|bot| (bot.tokens, bot.hooks)).unwrap_or_default();
    let (token, hook) = (Page::Token(bot.clone()), Page::Hook(bot.clone()));
    (
        head(this, Page::All, name.clone()),
        part(
            this,
            ("tokens", "Tokens", "New token"),
            token,
            ("A program that has a token acts by the API, as this bot.", tokens.is_empty()),
            html::ul().class("people").child(tokens.iter().map(|one| self::token(this, bot, one)).collect_view()),
        ),
        part(
            this,
            ("hooks", "Hooks", "New hook"),
            hook,
            ("A hook leads from another program into a room, or from a room to another program.", hooks.is_empty()),
            html::ul().class("people").child(hooks.iter().map(|one| self::hook(this, bot, one)).collect_view()),
        ),
        html::div().class("stack leave").child((
            html::p().class("hint").attr("role", "status").child(move || {
                if this.sure.get() == Some(End::Bot) {
                    "Its tokens and hooks end, and it leaves its rooms. What it said stays. It does not come back."
                } else {
                    ""
                }
            }),
            ends(this, bot, End::Bot, ["Retire this bot", "Yes, retire it"], name),
        )),
    )
}

/// What there is of one kind, and the way to another.
fn part(
    this: Keeping,
    (id, title, more): (&'static str, &'static str, &'static str),
    page: Page,
    (words, none): (&'static str, bool),
    list: impl IntoView + 'static,
) -> impl IntoView {
    html::section().class("dialog-part").attr("id", format!("bot-{id}")).attr("aria-label", title).child((
        html::div().class("dialog-line").child((
            html::h4().child(title),
            html::button()
                .attr("type", "button")
                .class("outline")
                .on(ev::click, move |_| this.turn(page.clone()))
                .child(more),
        )),
        if none { html::p().class("hint").child(words).into_any() } else { list.into_any() },
    ))
}

fn token(this: Keeping, bot: &Person, token: &BotToken) -> impl IntoView + use<> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| word(*scope)).collect();
    let used = if token.used_at > token.created_at {
        format!("last used {}", when(this, token.used_at))
    } else {
        format!("made {}", when(this, token.created_at))
    };
    let label = token.label.as_str().to_owned();
    html::li().child((
        html::span().class("person-name").child((
            html::bdi().child(label.clone()),
            html::span().class("hint").child(format!("{} · {used}", scopes.join(", "))),
        )),
        ends(this, bot, End::Token(token.id), ["Revoke", "Yes, revoke"], label),
    ))
}

fn hook(this: Keeping, bot: &Person, hook: &Hook) -> impl IntoView + use<> {
    let room = this.app.title(hook.room).unwrap_or_else(|| "A room that you are not in".to_owned());
    let what = match (hook.kind, hook.sent_at) {
        (HookKind::Incoming, _) => format!("Incoming · made {}", when(this, hook.created_at)),
        (HookKind::Outgoing, Some(at)) => format!("Outgoing · last brought something {}", when(this, at)),
        (HookKind::Outgoing, None) => "Outgoing · has brought nothing yet".to_owned(),
    };
    let url = hook.url.clone().map(|url| html::bdi().class("hint").attr("title", url.clone()).child(url));
    let failed = hook.failed.map(|failed| {
        let why = match failed.status {
            0 => "nobody answered".to_owned(),
            status => format!("it answered {status}"),
        };
        let next = this.app.with_words(|words| words.time(failed.next_at));
        html::span().class("trouble").child(format!("Failed {}: {why}. Next try at {next}.", when(this, failed.at)))
    });
    html::li().child((
        html::span().class("person-name").child((
            html::bdi().child(room.clone()),
            url,
            html::span().class("hint").child(what),
            failed,
        )),
        ends(this, bot, End::Hook(hook.id), ["Remove", "Yes, remove"], room),
    ))
}

/// A button that ends something. It asks once more.
fn ends(
    this: Keeping,
    bot: &Person,
    end: End,
    [first, again]: [&'static str; 2],
    what: String,
) -> impl IntoView + use<> {
    let bot = bot.clone();
    let asked = Memo::new(move |_| this.sure.get() == Some(end));
    let words = move || if asked.get() { again } else { first };
    let click = move |_| {
        if !asked.get_untracked() {
            return this.sure.set(Some(end));
        }
        let bot = bot.clone();
        this.run(async move {
            match end {
                End::Token(token) => this.app.revoke_token(bot.id, token).await?,
                End::Hook(hook) => this.app.remove_hook(bot.id, hook).await?,
                End::Bot => {
                    this.app.retire_bot(bot.id).await?;
                    return Ok(Page::All);
                }
            }
            Ok(Page::One(bot))
        });
    };
    html::button()
        .attr("type", "button")
        .class(move || if asked.get() || end == End::Bot { "danger" } else { "quiet" })
        .attr("aria-label", move || format!("{}: {what}", words()))
        .on(ev::click, click)
        .child(words)
}

fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "reads",
        Scope::Post => "posts",
        Scope::Join => "joins",
    }
}

fn when(this: Keeping, at: Timestamp) -> String {
    this.app.with_words(|words| words.when(at, clock::wall()))
}
