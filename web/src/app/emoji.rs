//! The emoji: fetched when somebody first wants one; which were used last, and in which tone, is kept on the device.

use leptos::{
    prelude::{GetUntracked, Set, Update, With},
    task::spawn_local,
};

use super::App;
use crate::{driver::fetch, emoji::Table};

/// So many are remembered.
const RECENT_MAX: usize = 24;

/// What is known of the emoji.
#[derive(Clone, Copy, Default)]
pub(crate) enum Symbols {
    /// Nobody wanted any yet.
    #[default]
    Unasked,
    /// On their way.
    Loading,
    /// They could not be fetched.
    Failed,
    /// All of them.
    Here(&'static Table),
}

impl App {
    /// Fetches the emoji, unless they are here or on their way.
    pub(crate) fn want_emoji(self) {
        let symbols = self.screen.symbols;
        if let Symbols::Loading | Symbols::Here(_) = symbols.get_untracked() {
            return;
        }
        symbols.set(Symbols::Loading);
        let inner = self.inner();
        self.screen.recent.set(inner.shelf.recent());
        self.screen.tone.set(inner.shelf.tone());
        let place = inner.window.document().and_then(|page| page.get_element_by_id("app"));
        let path = place.and_then(|place| place.get_attribute("data-emoji")).unwrap_or_default();
        spawn_local(async move {
            symbols.set(match fetch::text(&self.window(), &path).await {
                Ok(text) => Symbols::Here(Box::leak(Box::new(Table::read(text.leak())))),
                Err(_) => Symbols::Failed,
            });
        });
    }

    /// The picture of one of the server's own emoji, by its name between colons. A view that asks is drawn again when others are known.
    pub(crate) fn picture_of(self, form: &str) -> Option<String> {
        let found =
            self.screen.own_emoji.with(|all| all.iter().find_map(|one| one.strip_prefix(form)).map(str::to_owned));
        if found.is_none() {
            self.screen.lacking.set(true);
        }
        found
    }

    /// The server's own emoji in whose names, colons and all, this is found: each with its picture.
    pub(crate) fn own_emoji(self, wanted: &str) -> Vec<(String, String)> {
        let fits = |one: &String| {
            let (name, picture) = one.rsplit_once(':')?;
            name.contains(wanted).then(|| (format!("{name}:"), picture.to_owned()))
        };
        self.screen.own_emoji.with(|all| all.iter().filter_map(fits).collect())
    }

    /// Remembers that an emoji was used.
    pub(crate) fn used(self, form: &str) {
        self.screen.recent.update(|recent| {
            recent.retain(|other| other != form);
            recent.insert(0, form.to_owned());
            recent.truncate(RECENT_MAX);
            self.inner().shelf.keep_recent(recent);
        });
    }

    /// Shows emoji in this tone from now on.
    pub(crate) fn choose_tone(self, tone: usize) {
        self.screen.tone.set(tone);
        self.inner().shelf.keep_tone(tone);
    }
}
