//! The table of programming languages: fetched when somebody first shows code in one.

use leptos::{prelude::*, task::spawn_local};

use super::App;
use crate::driver::fetch;

impl App {
    /// Fetches the languages, unless they are here or on their way. If they cannot be fetched, the next code asks again.
    pub(crate) fn want_languages(self) {
        let languages = self.screen.languages;
        if languages.get_untracked().is_some() {
            return;
        }
        languages.set(Some(""));
        let place = self.window().document().and_then(|page| page.get_element_by_id("app"));
        let path = place.and_then(|place| place.get_attribute("data-languages")).unwrap_or_default();
        spawn_local(async move {
            let table = fetch::text(&self.window(), &path).await;
            languages.set(table.ok().map(|text| &*text.leak()));
        });
    }
}
