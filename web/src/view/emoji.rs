//! The panel of emoji over the composer: what was used last, one group at a time, and whatever is looked for.
//!
//! Cells are made before the panel opens, as soon as there is something to show, and by hand: hundreds of views would take longer than
//! somebody wants to wait for a panel. The style has the browser lay out and draw those in sight first, and the others when these are drawn. Within the cells the arrow keys
//! go, and one of them is a stop of the tab key.

mod cells;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use self::cells::{COLUMNS, Cell, Section, cell_of, form_of, neighbour};

use crate::{
    app::{App, Symbols},
    driver::clock,
    emoji::{Emoji, Group, Table},
    view::{icon, later, markup, menu},
};

/// The panel's name, for the button that opens it.
pub(crate) const PANEL: &str = "emoji-panel";
const LAST_COLUMN: u32 = 7;
/// What the server's own are called together.
const OWN: &str = "From this server";
/// So many are shown of what is found.
const FOUND_MAX: usize = 10 * COLUMNS;
/// What stands for no tone, and for each.
const TONES: [(&str, &str); 6] = [
    ("✋", "No skin tone"),
    ("✋🏻", "Light skin tone"),
    ("✋🏼", "Medium-light skin tone"),
    ("✋🏽", "Medium skin tone"),
    ("✋🏾", "Medium-dark skin tone"),
    ("✋🏿", "Dark skin tone"),
];

/// The panel's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Panel {
    app: App,
    node: NodeRef<html::Div>,
    search: NodeRef<html::Input>,
    cells: NodeRef<html::Div>,
    group: RwSignal<usize>,
    wanted: RwSignal<String>,
    /// Nothing was found.
    nothing: RwSignal<bool>,
    /// What is pointed at: its name, or where it is from, and its short code.
    about: RwSignal<Option<(String, String)>>,
}

/// The button that opens the panel.
pub(crate) fn button(app: App) -> impl IntoView {
    html::button()
        .attr("type", "button")
        .class("round")
        .attr("popovertarget", PANEL)
        .attr("aria-label", "Emoji")
        .attr("title", "Emoji")
        // They are on their way before the finger is up.
        .on(ev::pointerenter, move |_| app.want_emoji())
        .on(ev::focus, move |_| app.want_emoji())
        .on(ev::click, move |event| {
            app.screen.reacting.set(None);
            later::opens(app, &event);
        })
        .child(icon::smile())
}

/// The panel. `pick` is told what was chosen, after the panel has closed.
pub(crate) fn panel(app: App, pick: Callback<String>) -> impl IntoView {
    let panel = Panel {
        app,
        node: NodeRef::new(),
        search: NodeRef::new(),
        cells: NodeRef::new(),
        group: RwSignal::new(0),
        wanted: RwSignal::new(String::new()),
        nothing: RwSignal::new(false),
        about: RwSignal::new(None),
    };
    Effect::new(move |_| panel.draw());
    let chosen = move |event: web_sys::MouseEvent| {
        if let Some(form) = cell_of(&event).map(|cell| form_of(&cell)) {
            panel.close();
            app.used(&form);
            pick.run(form);
        }
    };
    html::div()
        .node_ref(panel.node)
        .attr("id", PANEL)
        .attr("popover", "auto")
        .attr("role", "dialog")
        .attr("aria-label", "Emoji")
        .class("emoji-panel")
        .on(ev::beforetoggle, move |_| panel.turns())
        .child((
            search(panel),
            move || groups(panel),
            html::div()
                .node_ref(panel.cells)
                .class("emoji-cells")
                .on(ev::click, chosen)
                .on(ev::keydown, move |event| panel.key(&event))
                .on(ev::focusin, move |event| panel.points(&event))
                .on(ev::mouseover, move |event| panel.points(&event))
                .attr("role", "grid")
                .attr("aria-label", "Emoji"),
            move || words(panel).map(|words| html::p().class("hint").attr("role", "status").child(words)),
            foot(panel),
        ))
}

impl Panel {
    /// It opens, or closes: then it is made ready for the next time.
    fn turns(self) {
        let is_open = self.node.get_untracked().is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false));
        if !is_open {
            self.app.want_emoji();
            // An administrator may have added some.
            self.app.screen.lacking.set(true);
            return self.show_rest();
        }
        if self.node.get_untracked().is_some_and(|panel| panel.matches(":focus-within").unwrap_or(false)) {
            menu::takes_focus(self.app);
        }
        if let Some(cells) = self.cells.get_untracked() {
            let _ = cells.remove_attribute("data-whole");
        }
        self.wanted.set(String::new());
        self.group.set(0);
        self.about.set(None);
        if let Some(search) = self.search.get_untracked() {
            search.set_value("");
        }
    }

    /// Makes the cells of what is to be shown now.
    fn draw(self) {
        let (Some(cells), Symbols::Here(table)) = (self.cells.get(), self.app.screen.symbols.get()) else { return };
        let Some(page) = cells.owner_document() else { return };
        cells.replace_children_with_node_0();
        cells.set_scroll_top(0);
        let mut sections = self.sections(table);
        sections.retain(|section| !section.cells.is_empty());
        for section in &sections {
            let _ = section.draw(&page, &cells);
        }
        if let Ok(Some(first)) = cells.query_selector("[role=gridcell]") {
            let _ = first.set_attribute("tabindex", "0");
        }
        self.nothing.set(sections.is_empty());
        let _ = cells.remove_attribute("data-whole");
        if self.node.get_untracked().is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false)) {
            self.show_rest();
        }
    }

    /// What is out of sight is laid out when what is in sight was drawn.
    fn show_rest(self) {
        clock::next_frame(&self.app.window(), move || {
            clock::later(&self.app.window(), 0, move || {
                if let Some(cells) = self.cells.get_untracked() {
                    let _ = cells.set_attribute("data-whole", "true");
                }
            });
        });
    }

    fn close(self) {
        if let Some(panel) = self.node.get_untracked() {
            let _ = HtmlElement::hide_popover(&panel);
        }
    }

    /// Somebody points at a cell, with the mouse or the keyboard.
    fn points(self, event: &Event) {
        let form = cell_of(event).map(|cell| form_of(&cell));
        if let (Some(form), Symbols::Here(table)) = (form, self.app.screen.symbols.get_untracked()) {
            let known = table.by_form(&form);
            let code = known.and_then(Emoji::code).map(|code| format!(":{code}:")).unwrap_or_default();
            let about = known.map(|emoji| (emoji.name.to_owned(), code));
            self.about.set(about.or_else(|| form.starts_with(':').then(|| (OWN.to_owned(), form))));
        }
    }

    /// The arrow keys go from cell to cell; up from the first row is back to the search.
    fn key(self, event: &KeyboardEvent) {
        let Some(cell) = cell_of(event) else { return };
        let Some(row) = cell.parent_element() else { return };
        let column = (0..LAST_COLUMN).find(|n| row.children().item(*n).as_ref() == Some(&cell)).unwrap_or(LAST_COLUMN);
        let in_row =
            |row: &Element, column: u32| row.children().item(column.min(row.child_element_count().saturating_sub(1)));
        let beside = |forward: bool| neighbour(&row, forward);
        let target = match event.key().as_str() {
            "ArrowRight" => cell.next_element_sibling().or_else(|| in_row(&beside(true)?, 0)),
            "ArrowLeft" => cell.previous_element_sibling().or_else(|| in_row(&beside(false)?, u32::MAX)),
            "ArrowDown" => beside(true).and_then(|row| in_row(&row, column)),
            "ArrowUp" => beside(false).and_then(|row| in_row(&row, column)),
            "Home" => in_row(&row, 0),
            "End" => in_row(&row, u32::MAX),
            _ => return,
        };
        event.prevent_default();
        match target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            Some(target) => {
                let _ = cell.set_attribute("tabindex", "-1");
                let _ = target.set_attribute("tabindex", "0");
                let _ = target.focus();
            }
            None if event.key() == "ArrowUp" => self.to_search(),
            None => {}
        }
    }

    fn to_search(self) {
        if let Some(search) = self.search.get_untracked() {
            let _ = search.focus();
        }
    }

    /// From the search: down into the cells, or straight to the first one that was found.
    fn search_key(self, event: &KeyboardEvent) {
        let first =
            || self.cells.get_untracked()?.query_selector("[role=gridcell]").ok()??.dyn_into::<HtmlElement>().ok();
        match event.key().as_str() {
            "ArrowDown" => {
                event.prevent_default();
                first().map(|first| first.focus());
            }
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                if !self.wanted.with_untracked(String::is_empty)
                    && let Some(first) = first()
                {
                    first.click();
                }
            }
            _ => {}
        }
    }

    /// What is to be shown.
    fn sections(self, table: &'static Table) -> Vec<Section> {
        let tone = self.app.screen.tone.get();
        let toned = |emoji: &[Emoji]| emoji.iter().map(|emoji| Cell::Of(emoji.form(tone), emoji.name)).collect();
        let own = |name: &str| self.app.own_emoji(name).into_iter().map(|(form, picture)| Cell::Own(form, picture));
        let wanted = self.wanted.get();
        if !wanted.trim().is_empty() {
            let name = wanted.trim().trim_matches(':').to_lowercase().replace(' ', "_");
            let mut cells: Vec<Cell> = own(&name).take(FOUND_MAX).collect();
            cells.extend(toned(&table.find(&wanted, FOUND_MAX)));
            return vec![Section { title: "Found", cells }];
        }
        let group = self.group.get();
        let recent = self.app.screen.recent.get();
        let recent = recent.iter().filter_map(|form| match table.by_form(form) {
            Some(emoji) => Some(Cell::Of(emoji.form(tone), emoji.name)),
            None => own(form).next().filter(|_| form.starts_with(':')),
        });
        let recent = Section { title: "Used last", cells: recent.collect() };
        let chosen = match table.groups.get(group) {
            Some(group) => Section { title: group.name, cells: toned(&group.emoji) },
            None => Section { title: OWN, cells: own("").collect() },
        };
        (group == 0).then_some(recent).into_iter().chain([chosen]).collect()
    }
}

fn search(panel: Panel) -> impl IntoView {
    // On a touch screen the keyboard would come up over half of what one came to see.
    let touch = panel.app.window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|touch| touch.matches());
    html::div().class("emoji-head").child(
        html::input()
            .node_ref(panel.search)
            .attr("type", "search")
            .attr("aria-label", "Find an emoji")
            .attr("placeholder", "Find an emoji")
            .attr("autocomplete", "off")
            .attr("autofocus", (!touch).then_some(""))
            .on(ev::input, move |event| {
                if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                    panel.wanted.set(field.value());
                }
            })
            .on(ev::keydown, move |event| panel.search_key(&event)),
    )
}

/// The groups, each by its first emoji.
fn groups(panel: Panel) -> Option<impl IntoView> {
    let Symbols::Here(table) = panel.app.screen.symbols.get() else { return None };
    let one = |(place, (sign, name)): (usize, (AnyView, &'static str))| {
        let chosen = Signal::derive(move || panel.group.get() == place && panel.wanted.with(String::is_empty));
        let choose = Callback::new(move |()| {
            panel.group.set(place);
            panel.wanted.set(String::new());
            if let Some(search) = panel.search.get_untracked() {
                search.set_value("");
            }
        });
        radio("emoji-group", (sign, name), chosen, choose)
    };
    let sign = |group: &Group| group.emoji.first().map(|emoji| emoji.form(0)).unwrap_or_default();
    let own = panel.app.own_emoji("").into_iter().next().map(|(form, _)| (markup::emoji(panel.app, form), OWN));
    let all = table.groups.iter().map(|group| (sign(group).into_any(), group.name)).chain(own);
    let all = all.enumerate().map(one).collect_view();
    Some(
        html::fieldset()
            .class("emoji-groups")
            .child((html::legend().class("unseen").child("Groups"), html::div().class("choices").child(all))),
    )
}

/// One of several signs to choose from.
fn radio(
    set: &'static str,
    (sign, words): (AnyView, &'static str),
    chosen: Signal<bool>,
    choose: Callback<()>,
) -> impl IntoView {
    html::label().attr("title", words).child((
        html::input()
            .attr("type", "radio")
            .attr("name", set)
            .attr("aria-label", words)
            .prop("checked", chosen)
            .on(ev::change, move |_| choose.run(())),
        html::span().attr("aria-hidden", "true").child(sign),
    ))
}

/// What to say instead of cells.
fn words(panel: Panel) -> Option<&'static str> {
    match panel.app.screen.symbols.get() {
        Symbols::Unasked | Symbols::Loading => Some("Loading…"),
        Symbols::Failed => Some("The emoji could not be loaded."),
        Symbols::Here(_) => panel.nothing.get().then_some("No emoji is called so."),
    }
}

/// What is pointed at, and the tones.
fn foot(panel: Panel) -> impl IntoView {
    let words = move || {
        let about = panel.about.get();
        about.map(|(name, code)| (html::span().child(name), html::span().class("hint").child(code)))
    };
    let tone = |(place, (sign, words)): (usize, (&'static str, &'static str))| {
        let chosen = Signal::derive(move || panel.app.screen.tone.get() == place);
        radio("emoji-tone", (sign.into_any(), words), chosen, Callback::new(move |()| panel.app.choose_tone(place)))
    };
    html::div().class("emoji-foot").child((
        html::p().class("emoji-about").attr("aria-hidden", "true").child(words),
        html::fieldset().class("emoji-tones").child((
            html::legend().class("unseen").child("Skin tone"),
            html::div().class("choices").child(TONES.into_iter().enumerate().map(tone).collect_view()),
        )),
    ))
}
