//! The way to what was said on some day.

use js_sys::Date;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{RoomId, Timestamp};
use web_sys::SubmitEvent;

use crate::{
    app::App,
    driver::{clock, words::local_day},
    view::dialog,
};

/// The form in the dialog: a day of the reader's own calendar.
pub(crate) fn day(app: App, dialog: NodeRef<html::Dialog>, room: RoomId) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let trouble = RwSignal::new(None::<String>);
    let today = today();
    // The dialog was open before it had a field.
    Effect::new(move |_| field.get().map(|field| drop(field.focus())));
    let go = move |event: SubmitEvent| {
        event.prevent_default();
        let begin = field.get_untracked().and_then(|field| begin(&field.value()));
        let Some(begin) = begin else { return trouble.set(Some("Choose a day.".into())) };
        spawn_local(async move {
            match app.first_at(room, begin).await {
                Ok(Some(message)) => {
                    dialog::close(dialog);
                    app.go_to(room, message.seq);
                    if local_day(message.at) != local_day(begin) {
                        let day = app.with_words(|words| words.day(message.at, clock::wall()));
                        app.tell(format!("Nothing was said on that day. This is the next: {day}."));
                    }
                }
                Ok(None) => trouble.set(Some("Nothing was said on that day, or later.".into())),
                Err(why) => trouble.set(Some(why.words())),
            }
        });
    };
    html::form().class("day-form").on(ev::submit, go).child((
        html::label().attr("for", "day").child("What was said on or after"),
        html::input()
            .node_ref(field)
            .attr("type", "date")
            .attr("id", "day")
            .attr("max", today.clone())
            .attr("value", today)
            .attr("required", ""),
        html::p().class("trouble").attr("role", "alert").child(move || trouble.get()),
        html::div()
            .class("dialog-foot")
            .child(html::button().attr("type", "submit").class("primary").child("Go there")),
    ))
}

/// Today, as the browser's field writes it.
fn today() -> String {
    let now = Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// When a day begins, where the reader is.
fn begin(day: &str) -> Option<Timestamp> {
    let mut parts = day.splitn(3, '-').map(str::parse::<u32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let month = i32::try_from(month).ok()?.checked_sub(1)?;
    let begin = Date::new_with_year_month_day(year, month, i32::try_from(day).ok()?).get_time();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds below 2^53")]
    let begin = Timestamp::from_ms(begin as i64);
    Some(begin)
}
