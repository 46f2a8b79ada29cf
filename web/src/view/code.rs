//! Code in a message: its language, a button that copies it, and its pieces in colours as soon as the table of languages is here.

use std::sync::Arc;

use leptos::{ev, html, prelude::*, task::spawn_local};
use markup::{Colour, Language};

use crate::{app::App, view::markup::element};

pub(crate) fn code(app: App, language: &str, text: &str) -> impl IntoView + use<> {
    let (name, text) = (language.to_owned(), Arc::<str>::from(text));
    let copied = RwSignal::new(false);
    let whole = text.clone();
    let copy = move |_| {
        let whole = whole.clone();
        spawn_local(async move { copied.set(app.copy(&whole).await) });
    };
    if !name.is_empty() {
        app.want_languages();
    }
    let languages = app.screen.languages;
    let label = if name.is_empty() { "code".to_owned() } else { name.clone() };
    let inside = move || {
        let known = languages.get().and_then(|table| Language::find(table, &name));
        match known {
            Some(language) => language.colour(&text).into_iter().map(piece).collect::<Vec<_>>(),
            None => vec![text.to_string().into_any()],
        }
    };
    html::div().class("code").attr("dir", "ltr").child((
        html::div().class("code-head").child((
            html::span().child(label),
            // A page that came over http has no clipboard.
            app.window().is_secure_context().then(|| {
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, copy)
                    .child(move || if copied.get() { "Copied" } else { "Copy" })
            }),
        )),
        // What is too wide is scrolled, by keyboard, too.
        html::pre().attr("tabindex", "0").child(html::code().child(inside)),
    ))
}

fn piece((colour, text): (Colour, &str)) -> AnyView {
    let text = text.to_owned().into_any();
    let class = match colour {
        Colour::Plain => return text,
        Colour::Comment => "code-comment",
        Colour::Text => "code-text",
        Colour::Number => "code-number",
        Colour::Word => "code-word",
    };
    element("span", class, None, vec![text])
}
