//! What the views show.

use std::sync::Arc;

use client::instant::{Here, Line, Row};
use leptos::prelude::RwSignal;

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before the room: a nickname, please.
    Door,
    /// The room.
    Room,
    /// After it.
    Left,
}

/// Copies of what the guest knows, taken once for each frame.
pub(crate) struct Screen {
    pub(crate) stage: RwSignal<Stage>,
    pub(crate) line: RwSignal<Line>,
    pub(crate) rows: RwSignal<Vec<Arc<Row>>>,
    pub(crate) people: RwSignal<Vec<Here>>,
    /// How many are here who do not say who they are.
    pub(crate) silent: RwSignal<usize>,
    /// Whether something came that the key does not open.
    pub(crate) strangers: RwSignal<bool>,
    /// Why the person did not come in.
    pub(crate) trouble: RwSignal<Option<&'static str>>,
    /// The address to pass on.
    pub(crate) link: RwSignal<String>,
}

impl Screen {
    pub(crate) fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Door),
            line: RwSignal::new(Line::Away),
            rows: RwSignal::new(Vec::new()),
            people: RwSignal::new(Vec::new()),
            silent: RwSignal::new(0),
            strangers: RwSignal::new(false),
            trouble: RwSignal::new(None),
            link: RwSignal::new(String::new()),
        }
    }
}
