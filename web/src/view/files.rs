//! The files of a message: pictures and films in their place, sounds to be played, everything else by name.

use leptos::{ev, html, prelude::*};
use model::{File, FileKind, Look};

use crate::{
    app::App,
    driver::{thumb, words::size},
    rows::FileView,
    view::{attach, icon, later, motion},
};

/// Where a file is fetched.
pub(crate) fn address(file: &File) -> String {
    format!("/api/v1/files/{}", file.id)
}

/// Where a picture that does not move, and is no larger than the page needs, is fetched.
fn preview(file: &File) -> String {
    format!("/api/v1/files/{}/preview", file.id)
}

/// All files of a message, in their order; nothing if there are none.
pub(crate) fn files(app: App, files: ArcRwSignal<Vec<FileView>>) -> impl IntoView {
    move || {
        let files = files.get();
        let pictures = files.iter().filter(|file| file.is_picture()).count();
        let each = move |file: FileView| match file {
            FileView::Kept(file) => kept(app, &file).into_any(),
            FileView::OnItsWay(upload) => on_its_way(app, &upload).into_any(),
        };
        (!files.is_empty()).then(|| {
            html::div()
                .class("files")
                .attr("data-pictures", pictures.to_string())
                .child(files.into_iter().map(each).collect_view())
        })
    }
}

fn kept(app: App, file: &File) -> AnyView {
    match (file.kind, &file.look) {
        (FileKind::Picture, Some(look)) => picture(app, file, look).into_any(),
        (FileKind::Audio, _) => later::sound(app, file).into_any(),
        (FileKind::Video, _) => html::video()
            .class("film")
            .attr("controls", "")
            .attr("playsinline", "")
            .attr("preload", "metadata")
            .attr("aria-label", file.name.to_string())
            .attr("src", address(file))
            .into_any(),
        (FileKind::Picture | FileKind::Other, _) => other(file).into_any(),
    }
}

/// A picture: its place is kept from the first moment on, with a blur until it has come.
fn picture(app: App, file: &File, look: &Look) -> impl IntoView + use<> {
    let id = file.id;
    let source = if look.animated {
        motion::source(app, preview(file), address(file))
    } else {
        motion::Source::still(preview(file))
    };
    let canvas = NodeRef::<html::Canvas>::new();
    let blur = look.thumbhash.clone();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            thumb::paint(&app.window(), &canvas, &blur);
        }
    });
    let (shown, toggle) = (source.clone(), source.clone());
    html::div()
        .class("picture")
        .style(("--ratio", format!("{:.4}", f64::from(look.width) / f64::from(look.height.max(1)))))
        .style(("--wide", format!("{}px", look.width)))
        .child((
            html::canvas().class("blur").attr("aria-hidden", "true").node_ref(canvas),
            html::button()
                .attr("type", "button")
                .class("picture-open")
                .attr("aria-label", format!("Open picture {}", file.name))
                .on(ev::click, move |_| app.screen.lightbox.set(Some(id)))
                .child(
                    html::img()
                        .attr("src", move || shown.address())
                        .attr("alt", "")
                        .attr("width", look.width.to_string())
                        .attr("height", look.height.to_string())
                        .attr("decoding", "async")
                        .attr("draggable", "false")
                        .node_ref(source.image),
                ),
            look.animated.then(|| {
                let (pressed, words) = (toggle.clone(), toggle.clone());
                html::button()
                    .attr("type", "button")
                    .class("motion")
                    .attr("aria-pressed", move || if pressed.moves() { "true" } else { "false" })
                    .attr("aria-label", "Play the picture")
                    .on(ev::click, move |_| toggle.toggle())
                    .child(move || if words.moves() { icon::pause().into_any() } else { icon::play().into_any() })
            }),
        ))
}

/// A file that the page does not open: its name, what it is, and the way to have it.
fn other(file: &File) -> impl IntoView + use<> {
    let name = file.name.to_string();
    html::a().class("file").attr("href", address(file)).attr("download", name.clone()).child((
        html::span().class("file-face").child(icon::file()),
        html::span().class("file-words").child((
            html::bdi().class("file-name").child(name.clone()),
            html::span().class("file-about").child(format!("{} · {}", ending(&name), size(file.size))),
        )),
        icon::save(),
    ))
}

/// A file of one's own that the server does not have yet.
fn on_its_way(app: App, upload: &client::Upload) -> impl IntoView + use<> {
    let face = match app.shown(&upload.key) {
        Some(address) => html::img().attr("src", address).attr("alt", "").into_any(),
        None => icon::file().into_any(),
    };
    html::div().class("file").child((
        html::span().class("file-face").attr("aria-hidden", "true").child(face),
        html::span().class("file-words").child((
            html::bdi().class("file-name").child(upload.name.clone()),
            html::span().class("file-about").child(size(upload.size)),
            attach::bar(upload),
        )),
    ))
}

/// What a file is, by its name's ending: it is what people know it by.
fn ending(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) if (1..=5).contains(&ending.chars().count()) => ending.to_uppercase(),
        _ => "File".to_owned(),
    }
}
