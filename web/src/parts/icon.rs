//! Small drawings. They say nothing to a screen reader: the words beside them do.

use leptos::{prelude::*, svg};

/// A drawing on a grid of 24, in strokes of the text's colour.
fn drawing(path: &'static str) -> impl IntoView {
    svg::svg()
        .attr("class", "icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .child(svg::path().attr("d", path))
}

/// Onwards.
pub fn forward() -> impl IntoView {
    drawing("M5 12h14M12.5 5.5 19 12l-6.5 6.5")
}

/// Looking for something.
pub fn glass() -> impl IntoView {
    drawing("M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.3 15.3 20.5 20.5")
}

/// A public room.
pub fn hash() -> impl IntoView {
    drawing("M10 4 8 20M16 4l-2 16M4.5 9h16M3.5 15h16")
}

/// A private room, or an encrypted one.
pub fn lock() -> impl IntoView {
    drawing("M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3")
}

/// People.
pub fn people() -> impl IntoView {
    drawing(
        "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .7 3.3 2.4 3.5 5.1",
    )
}

/// A bell.
pub fn bell() -> impl IntoView {
    drawing("M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5c.6.7 1.2 1 2 1s1.4-.3 2-1")
}

/// A bell that does not ring.
pub fn no_bell() -> impl IntoView {
    drawing(
        "M8 6.5A6 6 0 0 1 18 11v4M16.5 18h-12L6 16.5V11c0-.6.1-1.2.3-1.8M10 20.5c.6.7 1.2 1 2 1s1.4-.3 2-1M4 3l16 18",
    )
}

/// Back.
pub fn back() -> impl IntoView {
    drawing("M15 5l-7 7 7 7")
}

/// Down, to the newest.
pub fn down() -> impl IntoView {
    drawing("M12 5v14M5.5 12.5 12 19l6.5-6.5")
}

/// Close.
pub fn close() -> impl IntoView {
    drawing("M6 6l12 12M18 6 6 18")
}

/// Looking around.
pub fn compass() -> impl IntoView {
    drawing("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M15.5 8.5l-2 5-5 2 2-5z")
}

/// On its way.
pub fn clock() -> impl IntoView {
    drawing("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.5 2")
}

/// Kept.
pub fn ring() -> impl IntoView {
    drawing("M12 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11")
}

/// Delivered.
pub fn tick() -> impl IntoView {
    drawing("M4.5 12.5l5 5L19.5 7")
}

/// Read.
pub fn ticks() -> impl IntoView {
    drawing("M1.5 12.5l5 5L16.5 7M12 17l.5.5L22.5 7")
}

/// Something is wrong.
pub fn alert() -> impl IntoView {
    drawing("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5v5.5M12 16.5h.01")
}

/// Seen.
pub fn eye() -> impl IntoView {
    drawing(
        "M2.5 12c2-4 5.5-6.5 9.5-6.5s7.5 2.5 9.5 6.5c-2 4-5.5 6.5-9.5 6.5S4.5 16 2.5 12M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6",
    )
}

/// A note.
pub fn note() -> impl IntoView {
    drawing("M5 19l1-4L16.5 4.5l3 3L9 18l-4 1M14.5 6.5l3 3")
}

/// Send.
pub fn up() -> impl IntoView {
    drawing("M12 19V5M5.5 11.5 12 5l6.5 6.5")
}

/// More.
pub fn plus() -> impl IntoView {
    drawing("M12 5v14M5 12h14")
}

/// A menu.
pub fn dots() -> impl IntoView {
    drawing("M5.5 12h.01M12 12h.01M18.5 12h.01")
}

/// A picture.
pub fn picture() -> impl IntoView {
    drawing("M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01")
}

/// A smile.
pub fn smile() -> impl IntoView {
    drawing("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 14c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9 9.5h.01M15 9.5h.01")
}

/// A link to pass on.
pub fn link() -> impl IntoView {
    drawing("M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1")
}

/// The way out.
pub fn leave() -> impl IntoView {
    drawing("M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5")
}

/// An open lock.
pub fn unlocked() -> impl IntoView {
    drawing("M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.8-1")
}

/// A file to send along.
pub fn clip() -> impl IntoView {
    drawing("M20 11.5 12 19.4a5 5 0 0 1-7.1-7.1l8.4-8.3a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.7 1.7 0 0 1-2.4-2.4l7.6-7.5")
}

/// A file.
pub fn file() -> impl IntoView {
    drawing("M7 3h7l5 5v13H7zM14 3v5h5")
}

/// Something that is kept at hand.
pub fn bookmark() -> impl IntoView {
    drawing("M7 4h10v16l-5-4-5 4z")
}

/// Somebody's name.
pub fn at() -> impl IntoView {
    drawing("M16 12a4 4 0 1 0-8 0 4 4 0 0 0 8 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1")
}

/// A favourite.
pub fn star() -> impl IntoView {
    drawing("m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z")
}

/// Taking a file home.
pub fn save() -> impl IntoView {
    drawing("M12 4v11M6.5 10 12 15.5 17.5 10M5 20h14")
}

/// Less.
pub fn minus() -> impl IntoView {
    drawing("M5 12h14")
}

/// Forth.
pub fn forth() -> impl IntoView {
    drawing("M9 5l7 7-7 7")
}

/// Recording.
pub fn microphone() -> impl IntoView {
    drawing("M12 3.5a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0v-5a3 3 0 0 0-3-3M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3")
}

/// Taking back.
pub fn bin() -> impl IntoView {
    drawing("M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7")
}

/// An answer.
pub fn reply() -> impl IntoView {
    drawing("M9 7l-5 5 5 5M4 12h9a7 7 0 0 1 7 7")
}

/// What was said one after the other, about one thing.
pub fn thread() -> impl IntoView {
    drawing("M4 6h12M8 12h12M8 18h8")
}

/// To be changed.
pub fn pen() -> impl IntoView {
    drawing("M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3")
}

/// Pinned.
pub fn pin() -> impl IntoView {
    drawing("M9 4h6M10 4v6l-3 4h10l-3-4V4M12 14v6")
}

/// The same once more.
pub fn copy() -> impl IntoView {
    drawing("M9 9h10v11H9zM15 9V4H5v11h4")
}

/// Playing.
pub fn play() -> impl IntoView {
    drawing("M8 5.5v13l11-6.5z")
}

/// Pausing.
pub fn pause() -> impl IntoView {
    drawing("M8.5 5.5v13M15.5 5.5v13")
}

/// The house's bird, from the page's own icon.
pub fn bird() -> impl IntoView {
    svg::svg()
        .attr("class", "bird")
        .attr("viewBox", "0 0 64 64")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .child((
            svg::path().attr("class", "bird-legs").attr("d", "M30 50l-2 9M36 49l-1 10"),
            svg::path()
                .attr("class", "bird-back")
                .attr("d", "M8 57 18 41C16 25 23 9 38 9c7 0 12 4 13 10l8 3.5-8 3.5c1 14-7 25-21 25-4 0-8-1-10-3z"),
            svg::path()
                .attr("class", "bird-breast")
                .attr("d", "M51 26.5C52 40 44 51 31 51c-4-7-2.5-17 4-22.5 5 2 11 1 16-2z"),
            svg::path().attr("class", "bird-collar").attr("d", "M28.5 22.5c5.5-.5 11 2 12.5 7-5.5 2-11.5-1-12.5-7z"),
            svg::circle().attr("class", "bird-eye").attr("cx", "43").attr("cy", "17.5").attr("r", "1.9"),
        ))
}
