//! What a message says, as nodes: from the tree that `markup` reads in its text. Whatever it holds is set as text; an address is
//! one that `markup` let through.

use leptos::{ev, html, prelude::*};
use markup::{Block, Item, Mark, Span};

use crate::{app::App, view::code};

/// So many emoji are shown large where they stand alone.
const EMOJI_ALONE_MAX: usize = 3;

/// Who is named so: what to call them, and whether it is the reader.
pub(crate) type Named<'n> = &'n dyn Fn(&str) -> Option<(String, bool)>;

/// A message's text.
pub(crate) fn markup(app: App, text: &str, named: Named<'_>) -> impl IntoView + use<> {
    let all = markup::parse(text);
    let class = if is_emoji_alone(&all) { "message-text emoji-alone" } else { "message-text" };
    element("div", class, None, blocks(app, &all, named, Some("auto")))
}

/// Whether it is a few names between colons and nothing else.
fn is_emoji_alone(all: &[Block]) -> bool {
    let [Block::Paragraph(spans)] = all else { return false };
    let is_one = |span: &Span| matches!(span, Span::Emoji(_));
    spans.iter().filter(|span| is_one(span)).count() <= EMOJI_ALONE_MAX
        && spans.iter().all(|span| is_one(span) || matches!(span, Span::Text(text) if text == " "))
}

/// An emoji: as a picture, if it is one of the server's own.
pub(crate) fn emoji(app: App, form: String) -> AnyView {
    match Some(&form).filter(|form| form.starts_with(':')).and_then(|form| app.picture_of(form)) {
        Some(picture) => {
            let class = "own-emoji".to_owned();
            attributed("img", [("src", picture), ("alt", form.clone()), ("title", form), ("class", class)], Vec::new())
        }
        None => form.into_any(),
    }
}

/// Any element with four attributes.
fn attributed(tag: &'static str, attributes: [(&'static str, String); 4], inside: Vec<AnyView>) -> AnyView {
    let [a, b, c, d] = attributes;
    html::custom(tag).attr(a.0, a.1).attr(b.0, b.1).attr(c.0, c.1).attr(d.0, d.1).child(inside).into_any()
}

/// Any element. There is one kind of them to the compiler, and all together are one function in the app's WebAssembly.
pub(crate) fn element(
    tag: &'static str,
    class: &'static str,
    dir: Option<&'static str>,
    inside: Vec<AnyView>,
) -> AnyView {
    let class = Some(class).filter(|class| !class.is_empty());
    html::custom(tag).attr("class", class).attr("dir", dir).child(inside).into_any()
}

/// `dir`: that of the outermost blocks. An element that finds its direction by itself does not look into one that does so, too:
/// what is inside goes with the whole, and each of its lines by its own letters (`unicode-bidi: plaintext`).
fn blocks(app: App, blocks: &[Block], named: Named<'_>, dir: Option<&'static str>) -> Vec<AnyView> {
    let one = |block: &Block| match block {
        Block::Paragraph(inside) => element("p", "", dir, spans(app, inside, named)),
        Block::Heading(inside) => element("p", "headline", dir, spans(app, inside, named)),
        Block::Quote(inside) => element("blockquote", "", dir, self::blocks(app, inside, named, None)),
        Block::List(items) => list(app, items, named, dir),
        Block::Code { language, text } => code::code(app, language, text).into_any(),
    };
    blocks.iter().map(one).collect()
}

fn list(app: App, items: &[Item], named: Named<'_>, dir: Option<&'static str>) -> AnyView {
    let numbered = items.first().is_some_and(|item| item.number.is_some());
    let one = |item: &Item| {
        let number = item.number.map(|number| number.to_string());
        html::custom("li").attr("value", number).child(blocks(app, &item.blocks, named, None)).into_any()
    };
    element(if numbered { "ol" } else { "ul" }, "", dir, items.iter().map(one).collect())
}

fn spans(app: App, spans: &[Span], named: Named<'_>) -> Vec<AnyView> {
    spans.iter().map(|span| self::span(app, span, named)).collect()
}

fn span(app: App, span: &Span, named: Named<'_>) -> AnyView {
    let spans = |inside: &[Span]| self::spans(app, inside, named);
    match span {
        Span::Text(text) => text.clone().into_any(),
        Span::Code(code) => element("code", "", None, vec![code.clone().into_any()]),
        Span::Mention(name) => mention(name, named),
        Span::Emoji(name) => emoji(app, format!(":{name}:")),
        Span::Marked(Mark::Emphasis, inside) => element("em", "", None, spans(inside)),
        Span::Marked(Mark::Strong, inside) => element("strong", "", None, spans(inside)),
        Span::Marked(Mark::Struck, inside) => element("s", "", None, spans(inside)),
        Span::Marked(Mark::Spoiler, inside) => spoiler(spans(inside)).into_any(),
        Span::Link { to, spans: inside } => link(to, spans(inside)),
    }
}

fn mention(name: &str, named: Named<'_>) -> AnyView {
    let (shown, me) = named(name).unwrap_or_else(|| (name.to_owned(), false));
    element("bdi", if me { "mention mention-me" } else { "mention" }, None, vec![format!("@{shown}").into_any()])
}

/// A link: elsewhere, told nothing of where it was found. Where it leads is said beside it, whatever its words are.
fn link(to: &str, inside: Vec<AnyView>) -> AnyView {
    let (target, rel) = ("_blank".to_owned(), "noopener noreferrer nofollow".to_owned());
    attributed("a", [("href", to.to_owned()), ("title", to.to_owned()), ("target", target), ("rel", rel)], inside)
}

/// Hidden until the reader wants it: nothing in it can be seen, found, reached or heard before.
fn spoiler(inside: Vec<AnyView>) -> impl IntoView {
    let shown = RwSignal::new(false);
    let hidden = move |value: &'static str| move || (!shown.get()).then_some(value);
    let inside = html::span().attr("inert", hidden("")).child(inside);
    html::span()
        .class("spoiler")
        .attr("data-hidden", hidden("true"))
        .attr("role", hidden("button"))
        .attr("aria-label", hidden("Spoiler, show"))
        .attr("title", hidden("Spoiler"))
        // The focus stays where it is, and reads on from there.
        .attr("tabindex", move || if shown.get() { "-1" } else { "0" })
        .on(ev::click, move |_| shown.set(true))
        .on(ev::keydown, move |event| {
            if !shown.get_untracked() && matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                shown.set(true);
            }
        })
        .child(inside)
}
