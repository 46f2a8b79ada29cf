//! What was said. Its end stays in sight as long as the person is there.

use std::sync::Arc;

use client::instant::{Author, Notice, Photo, Row, Saying, Sent};
use leptos::{
    control_flow::{For, ForProps},
    ev, html,
    prelude::*,
};
use parts::{clock, icon};

use crate::visit::Visit;

/// So near to the end counts as there, in pixels.
const NEAR: i32 = 80;
/// After this time the author and the time are said again.
const LEAD_MS: u64 = 5 * 60_000;

pub(crate) fn talk(visit: Visit) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let at_end = RwSignal::new(true);
    let to_end = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    };
    let moved = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            let below = scroller.scroll_height() - scroller.client_height() - scroller.scroll_top();
            at_end.set(below < NEAR);
        }
    };
    Effect::new(move |_| {
        let own = visit.screen.rows.with(|rows| rows.last().is_some_and(|row| matches!(row.author, Author::Own(_))));
        if own || at_end.get_untracked() {
            clock::next_frame(&visit.window(), to_end);
        }
    });
    let none = move || visit.screen.rows.with(|rows| rows.iter().all(|row| row.author == Author::Nobody));
    let rows = For(ForProps::builder()
        .each(move || led(&visit.screen.rows.get()))
        .key(|(row, lead)| (row.id, row.turn, *lead))
        .children(move |(row, lead): (Arc<Row>, bool)| line(visit, &row, lead, to_end))
        .build());
    html::div().class("timeline").child((
        html::div()
            .node_ref(scroller)
            .class("scroller")
            .attr("tabindex", "0")
            .attr("role", "log")
            .attr("aria-label", "What is said")
            .on(ev::scroll, moved)
            .child(html::div().class("rows").child((move || none().then(|| empty(visit)), rows))),
        move || {
            (!at_end.get()).then(|| {
                html::button()
                    .attr("type", "button")
                    .class("jump newest")
                    .on(ev::click, move |_| to_end())
                    .child((icon::down(), "Newest"))
            })
        },
    ))
}

fn empty(visit: Visit) -> impl IntoView {
    let alone = move || visit.screen.people.with(Vec::is_empty);
    html::div().class("empty").child((
        icon::bird(),
        html::p()
            .class("empty-title")
            .child(move || if alone() { "Nobody else is here yet" } else { "Nothing was said yet" }),
        html::p().child(
            "What was said before you came, nobody can show you. What you say, only those see who are here then.",
        ),
    ))
}

/// Each row, and whether author and time are said above it.
fn led(rows: &[Arc<Row>]) -> Vec<(Arc<Row>, bool)> {
    let mut before: Option<&Arc<Row>> = None;
    let mut led = Vec::with_capacity(rows.len());
    for row in rows {
        let same = |other: &&Arc<Row>| match (&other.author, &row.author) {
            (Author::Own(_), Author::Own(_)) => true,
            (other, author) => other == author,
        };
        let follows = before.filter(same).is_some_and(|before| row.at_ms.saturating_sub(before.at_ms) < LEAD_MS);
        led.push((Arc::clone(row), !follows));
        before = Some(row);
    }
    led
}

fn line(visit: Visit, row: &Row, lead: bool, loaded: impl Fn() + Copy + Send + 'static) -> AnyView {
    let said = match &row.saying {
        Saying::Notice(notice) => return html::p().class("event").child(happened(notice)).into_any(),
        Saying::Text(text) => html::div().class("message-text").attr("dir", "auto").child(text.clone()).into_any(),
        Saying::Photo(photo) => picture(visit, row.id, *photo, loaded),
    };
    let own = matches!(row.author, Author::Own(_));
    let time = lead.then(|| html::time().child(visit.time(row.at_ms)));
    let head = match &row.author {
        Author::Other { name, tag } => lead.then(|| {
            html::div()
                .class("message-head")
                .child((
                    html::bdi().class("author").child(name.clone()),
                    html::span().class("nick-tag").child(tag.clone()),
                    time,
                ))
                .into_any()
        }),
        Author::Own(_) | Author::Nobody => lead.then(|| {
            html::div().class("message-head").child((html::span().class("unseen").child("You"), time)).into_any()
        }),
    };
    let (state, mark) = match &row.author {
        Author::Own(Sent::Waiting) => ("sending", Some("On its way")),
        Author::Own(Sent::Perhaps) => ("failed", Some("The connection broke: perhaps nobody got this.")),
        Author::Own(Sent::Out) | Author::Other { .. } | Author::Nobody => ("kept", None),
    };
    html::div()
        .class("message")
        .attr("data-own", if own { "true" } else { "false" })
        .attr("data-lead", lead.then_some("true"))
        .attr("data-state", state)
        .child((
            head,
            html::div().class("message-line").child(html::div().class("bubble").child(said)),
            mark.map(|words| html::p().class("hint").child(words)),
        ))
        .into_any()
}

fn picture(visit: Visit, row: u64, photo: Photo, loaded: impl Fn() + Copy + Send + 'static) -> AnyView {
    let note = |words: String| html::p().class("no-photo").child((icon::picture(), words)).into_any();
    match (photo, visit.picture(row)) {
        (Photo::Here, Some(url)) => html::img()
            .class("photo")
            .attr("src", url)
            .attr("alt", "A picture")
            .on(ev::load, move |_| loaded())
            .into_any(),
        (Photo::Coming { percent }, _) => note(format!("A picture is coming: {percent} %")),
        (Photo::Here | Photo::Broken, _) => note("A picture did not come through.".into()),
        (Photo::Gone, _) => note("A picture made room for newer ones.".into()),
    }
}

fn happened(notice: &Notice) -> AnyView {
    let somebody = |name: &String, did: &'static str| (html::bdi().child(name.clone()), did).into_any();
    match notice {
        Notice::Came { name } => somebody(name, " came in"),
        Notice::Went { name } => somebody(name, " left"),
        Notice::Lost { name } => somebody(name, " is gone: their connection ended"),
        Notice::Back => "You were offline for a moment. What was said meanwhile cannot be had.".into_any(),
    }
}
