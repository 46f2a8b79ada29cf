//! One picture over everything: larger, smaller, the next one, the one before, and the way to have it.

use leptos::{ev, html, prelude::*};
use model::{File, FileKind};
use web_sys::KeyboardEvent;

use crate::{
    app::App,
    rows::FileView,
    view::{dialog, files, icon},
};

/// How much larger than the window a picture can be.
const ZOOM_MAX: u32 = 5;

/// A picture and who said it.
#[derive(Clone, PartialEq)]
struct Shown {
    file: File,
    author: String,
}

/// The lightbox's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Lightbox {
    app: App,
    node: NodeRef<html::Dialog>,
    zoom: RwSignal<u32>,
}

pub(crate) fn lightbox(app: App) -> impl IntoView {
    let this = Lightbox { app, node: NodeRef::new(), zoom: RwSignal::new(1) };
    let shown = Memo::new(move |_| this.shown());
    Effect::new(move |_| {
        if shown.get().is_some() {
            this.zoom.set(1);
            if this.node.get().is_some_and(|node| !node.open()) {
                dialog::open(this.node);
            }
        }
    });
    let open = Memo::new(move |_| shown.with(Option::is_some));
    html::dialog()
        .node_ref(this.node)
        .class("lightbox")
        .attr("id", "lightbox")
        .attr("aria-label", "Picture")
        .on(ev::close, move |_| app.screen.lightbox.set(None))
        .on(ev::keydown, move |event| this.key(&event))
        // Made once for a visit: the next picture comes into the same place, and the focus stays where it is.
        .child(move || open.get().then(|| this.inside(shown)))
}

impl Lightbox {
    /// Every picture of the open room that is loaded, oldest first.
    fn pictures(self) -> Vec<Shown> {
        let pictures = |row: &crate::rows::RowView| {
            let author = row.author.get().called().to_owned();
            let kept = |view: FileView| if let FileView::Kept(file) = view { Some(file) } else { None };
            let files = row.files.get().into_iter().filter_map(kept).filter(|file| file.kind == FileKind::Picture);
            files.map(|file| Shown { file, author: author.clone() }).collect::<Vec<_>>()
        };
        self.app.screen.rows.with(|rows| rows.iter().flat_map(pictures).collect())
    }

    fn shown(self) -> Option<Shown> {
        let id = self.app.screen.lightbox.get()?;
        self.pictures().into_iter().find(|shown| shown.file.id == id)
    }

    /// The picture so many after the one that is shown; none beyond the first and the last.
    fn at(self, step: isize) -> Option<Shown> {
        let pictures = untrack(|| self.pictures());
        let id = self.app.screen.lightbox.get_untracked()?;
        let place = pictures.iter().position(|shown| shown.file.id == id)?.checked_add_signed(step)?;
        pictures.into_iter().nth(place)
    }

    fn go(self, step: isize) {
        if let Some(shown) = self.at(step) {
            self.app.screen.lightbox.set(Some(shown.file.id));
        }
    }

    fn key(self, event: &KeyboardEvent) {
        match event.key().as_str() {
            // While it is larger than the window the arrows move about in it.
            "ArrowLeft" if self.zoom.get_untracked() == 1 => self.go(-1),
            "ArrowRight" if self.zoom.get_untracked() == 1 => self.go(1),
            "+" | "=" => self.zoom.update(|zoom| *zoom = (*zoom + 1).min(ZOOM_MAX)),
            "-" => self.zoom.update(|zoom| *zoom = (*zoom - 1).max(1)),
            "0" => self.zoom.set(1),
            _ => return,
        }
        event.prevent_default();
    }

    fn inside(self, shown: Memo<Option<Shown>>) -> impl IntoView + use<> {
        let zoom = self.zoom;
        let of =
            move |part: fn(&Shown) -> String| move || shown.with(|shown| shown.as_ref().map(part).unwrap_or_default());
        let step = move |words: &'static str, class: &'static str, step: isize, form: fn() -> AnyView| {
            move || {
                shown.track();
                self.at(step).map(|_| {
                    html::button()
                        .attr("type", "button")
                        .class(class)
                        .attr("aria-label", words)
                        .on(ev::click, move |_| self.go(step))
                        .child(form())
                })
            }
        };
        (
            self.head(shown),
            html::div()
                .class("lightbox-stage")
                .attr("tabindex", "0")
                .attr("autofocus", "")
                .attr("role", "group")
                .attr("aria-label", of(name))
                .child(
                    html::img()
                        .style(("--ratio", of(|shown| format!("{:.4}", ratio(shown)))))
                        .style(("--wide", of(|shown| format!("{}px", sides(shown).0))))
                        .style(("--zoom", move || zoom.get().to_string()))
                        .attr("data-zoomed", move || (zoom.get() > 1).then_some("true"))
                        .attr("src", of(|shown| files::address(&shown.file)))
                        .attr("alt", of(name))
                        .on(ev::click, move |_| zoom.update(|zoom| *zoom = if *zoom == 1 { 2 } else { 1 })),
                ),
            step("Picture before", "round lightbox-before", -1, || icon::back().into_any()),
            step("Next picture", "round lightbox-next", 1, || icon::forth().into_any()),
        )
    }

    /// What it is and who said it, and what can be done.
    fn head(self, shown: Memo<Option<Shown>>) -> impl IntoView + use<> {
        let zoom = self.zoom;
        let of =
            move |part: fn(&Shown) -> String| move || shown.with(|shown| shown.as_ref().map(part).unwrap_or_default());
        let button =
            |words: &'static str| html::button().attr("type", "button").class("round").attr("aria-label", words);
        html::header().class("lightbox-head").child((
            html::p().class("lightbox-title").child((
                html::bdi().class("file-name").child(of(name)),
                html::span().class("hint").child(html::bdi().child(of(|shown| shown.author.clone()))),
            )),
            button("Smaller")
                .attr("disabled", move || (zoom.get() == 1).then_some(""))
                .on(ev::click, move |_| zoom.update(|zoom| *zoom = (*zoom - 1).max(1)))
                .child(icon::minus()),
            button("Larger")
                .attr("disabled", move || (zoom.get() == ZOOM_MAX).then_some(""))
                .on(ev::click, move |_| zoom.update(|zoom| *zoom = (*zoom + 1).min(ZOOM_MAX)))
                .child(icon::plus()),
            html::a()
                .class("button round")
                .attr("href", of(|shown| files::address(&shown.file)))
                .attr("download", of(name))
                .attr("aria-label", "Download")
                .child(icon::save()),
            button("Close").on(ev::click, move |_| dialog::close(self.node)).child(icon::close()),
        ))
    }
}

fn name(shown: &Shown) -> String {
    shown.file.name.to_string()
}

/// Width and height in pixels, each at least 1.
fn sides(shown: &Shown) -> (u32, u32) {
    shown.file.look.as_ref().map_or((1, 1), |look| (look.width.max(1), look.height.max(1)))
}

fn ratio(shown: &Shown) -> f64 {
    let (width, height) = sides(shown);
    f64::from(width) / f64::from(height)
}
