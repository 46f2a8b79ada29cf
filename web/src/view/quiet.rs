//! Quiet hours, and whether notices hide what was said: on all devices of the person.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{NoticePrefs, Quiet};
use protocol::http::{NoticePrefsBody, QuietBody};

use crate::{app::App, driver::zones};

/// The hours that are offered first, in minutes after midnight.
const NIGHT: (u16, u16) = (22 * 60, 7 * 60);

pub(crate) fn quiet(app: App) -> impl IntoView {
    let trouble = RwSignal::new(None::<String>);
    let prefs = Memo::new(move |_| app.screen.me.get().map(|me| me.notices).unwrap_or_default());
    let set = move |wanted: NoticePrefsBody| {
        trouble.set(None);
        spawn_local(async move {
            if let Err(why) = app.set_notices(&wanted).await {
                trouble.set(Some(why.words()));
            }
        });
    };
    let hides = move |event: web_sys::Event| {
        set(NoticePrefsBody { hidden: event_target_checked(&event), ..body(&prefs.get_untracked()) });
    };
    let turn = move |event: web_sys::Event| {
        let quiet = event_target_checked(&event).then(|| hours(NIGHT));
        set(NoticePrefsBody { quiet, ..body(&prefs.get_untracked()) });
    };
    let between = move |from: Option<u16>, to: Option<u16>| {
        let before = body(&prefs.get_untracked());
        let Some(quiet) = before.quiet else { return };
        let times = (from.unwrap_or(quiet.from_min), to.unwrap_or(quiet.to_min));
        set(NoticePrefsBody { quiet: Some(hours(times)), ..before });
    };
    html::section().class("dialog-part").attr("aria-labelledby", "quiet-title").child((
        html::h3().attr("id", "quiet-title").child("On all your devices"),
        switch("notify-hidden", "Hide who wrote and what", move || prefs.get().hidden, hides),
        switch("quiet-on", "Quiet hours", move || prefs.get().quiet.is_some(), turn),
        move || {
            prefs.get().quiet.map(|quiet| {
                let Quiet { from_min, to_min, time_zone } = quiet;
                let zone = time_zone.as_str().replace('_', " ");
                let hint = format!("Each day, no notification, sound or push. Times of {zone}.");
                (
                    html::div().class("quiet-hours").child((
                        time("quiet-from", "From", from_min, move |minute| between(Some(minute), None)),
                        time("quiet-to", "To", to_min, move |minute| between(None, Some(minute))),
                    )),
                    html::p().class("hint").child(hint),
                )
            })
        },
        html::p().class("trouble").attr("role", "alert").child(move || trouble.get()),
    ))
}

fn switch(
    id: &'static str,
    words: &'static str,
    on: impl Fn() -> bool + Send + Sync + 'static,
    turned: impl Fn(web_sys::Event) + 'static,
) -> impl IntoView {
    html::label().class("switch").child((
        html::span().child(words),
        html::input()
            .attr("id", id)
            .attr("type", "checkbox")
            .attr("role", "switch")
            .prop("checked", on)
            .on(ev::change, turned),
    ))
}

/// A time of day, in minutes after midnight.
fn time(id: &'static str, label: &'static str, minute: u16, set: impl Fn(u16) + 'static) -> impl IntoView {
    let changed = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        let parts = value.split_once(':').and_then(|(h, m)| Some((h.parse::<u16>().ok()?, m.parse::<u16>().ok()?)));
        if let Some((hour, minute)) = parts {
            set(hour * 60 + minute);
        }
    };
    html::div().class("labelled").child((
        html::label().attr("for", id).child(label),
        html::input()
            .attr("id", id)
            .attr("type", "time")
            .attr("value", format!("{:02}:{:02}", minute / 60, minute % 60))
            .on(ev::change, changed),
    ))
}

/// Hours where this device is.
fn hours((from_min, to_min): (u16, u16)) -> QuietBody {
    QuietBody { from_min, to_min, time_zone: zones::here().unwrap_or_else(|| "UTC".into()) }
}

fn body(prefs: &NoticePrefs) -> NoticePrefsBody {
    let quiet = prefs.quiet.as_ref().map(|quiet| QuietBody {
        from_min: quiet.from_min,
        to_min: quiet.to_min,
        time_zone: quiet.time_zone.as_str().to_owned(),
    });
    NoticePrefsBody { hidden: prefs.hidden, quiet }
}
