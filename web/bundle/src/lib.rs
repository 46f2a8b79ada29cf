//! The web client as bytes: built for WebAssembly by this crate's build script, named by content, compressed, embedded.
//!
//! The server serves [`FILES`] as they are and for ever: a file with other content has another name. Styles and the icon are
//! always here; the app itself may be missing on a machine that cannot build it, and then [`APP`] says why and what to do.
//! This crate does nothing else, so that work on the server does not build the client again.

/// One file to serve.
#[derive(Debug)]
pub struct File {
    /// Where: `/assets/<name>-<hash>.<ext>`, or [`WORKER`].
    pub path: &'static str,
    /// What: the value of `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub body: &'static [u8],
    /// The content compressed with Brotli; empty if it is not.
    pub brotli: &'static [u8],
    /// The content compressed with gzip; empty if it is not.
    pub gzip: &'static [u8],
}

/// Where the service worker is, if there is an app: under one name, because a browser asks for it by that to see whether it is new.
pub const WORKER: &str = "/sw.js";

/// The paths of the app's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct App {
    /// The module to load; it fetches and starts the rest.
    pub script: &'static str,
    /// What the script fetches.
    pub wasm: &'static str,
    /// The app's style sheet.
    pub style: &'static str,
    /// The table of emoji, which the app fetches when somebody first wants one.
    pub emoji: &'static str,
    /// The table of programming languages, which the app fetches when there is code to be coloured.
    pub languages: &'static str,
    /// What was split off the WebAssembly: the script fetches each when the app has come to rest, or wants it.
    pub parts: &'static [&'static str],
}

/// The paths of the files of the page of instant rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// The module to load; it fetches and starts the rest.
    pub script: &'static str,
    /// What the script fetches.
    pub wasm: &'static str,
    /// The page's style sheet.
    pub style: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    fn has(path: &str) -> bool {
        FILES.iter().any(|file| file.path == path)
    }

    #[test]
    fn every_named_file_is_here() {
        assert!(has(DOORS_STYLE) && has(ICON));
        if let Ok(app) = APP {
            let named = [app.script, app.wasm, app.style, app.emoji, app.languages, WORKER];
            assert!(named.iter().chain(app.parts).all(|path| has(path)), "{named:?} {:?}", app.parts);
            assert!(!app.parts.is_empty());
        }
        if let Ok(page) = INSTANT {
            assert!(has(page.script) && has(page.wasm) && has(page.style));
        }
    }

    #[test]
    fn no_two_files_share_a_path() {
        for (place, file) in FILES.iter().enumerate() {
            assert!(FILES[..place].iter().all(|other| other.path != file.path), "{}", file.path);
            assert!(file.path.starts_with("/assets/") || file.path == WORKER, "{}", file.path);
            assert!(!file.body.is_empty(), "{}", file.path);
        }
    }

    #[test]
    fn the_script_fetches_the_wasm_by_its_hashed_name() {
        let app = APP.map(|app| (app.script, [&[app.wasm], app.parts].concat()));
        let programs = [app, INSTANT.map(|page| (page.script, vec![page.wasm]))];
        for (script, fetched) in programs.into_iter().flatten() {
            let script = FILES.iter().find(|file| file.path == script).map(|file| file.body).unwrap_or_default();
            let script = String::from_utf8_lossy(script);
            assert!(fetched.iter().all(|wasm| script.contains(wasm.trim_start_matches("/assets/"))), "{fetched:?}");
        }
    }

    #[test]
    fn every_line_of_the_emoji_is_a_group_or_has_its_five_fields() {
        let Ok(app) = APP else { return };
        let table = FILES.iter().find(|file| file.path == app.emoji).map(|file| file.body).unwrap_or_default();
        let table = String::from_utf8_lossy(table);
        let (groups, emoji): (Vec<&str>, Vec<&str>) = table.lines().partition(|line| !line.contains('\t'));
        assert_eq!(groups.len(), 9, "{groups:?}");
        assert!(emoji.len() > 1_500, "{}", emoji.len());
        for line in emoji {
            assert_eq!(line.split('\t').count(), 5, "{line}");
        }
        let party = table.lines().find(|line| line.contains("|tada|") || line.contains("\ttada\t")).unwrap_or_default();
        assert!(party.starts_with('🎉') && party.contains("celebrat"), "{party}");
        let wave = table.lines().find(|line| line.starts_with('👋')).unwrap_or_default();
        assert!(wave.ends_with("👋🏻|👋🏼|👋🏽|👋🏾|👋🏿"), "{wave}");
    }

    #[test]
    fn every_line_of_the_languages_has_names_and_at_most_six_fields() {
        let Ok(app) = APP else { return };
        let table = FILES.iter().find(|file| file.path == app.languages).map(|file| file.body).unwrap_or_default();
        let table = String::from_utf8_lossy(table);
        assert!(table.lines().count() >= 15, "{table}");
        for line in table.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!((2..=6).contains(&fields.len()) && !fields[0].is_empty(), "{line}");
            assert!(fields.get(2).is_none_or(|pair| pair.is_empty() || pair.split(' ').count() == 2), "{line}");
        }
    }

    #[test]
    fn the_worker_keeps_all_that_the_app_is_made_of() {
        let Ok(app) = APP else { return };
        let worker = FILES.iter().find(|file| file.path == WORKER).map(|file| file.body).unwrap_or_default();
        let worker = String::from_utf8_lossy(worker);
        for path in [app.script, app.wasm, app.style, ICON].iter().chain(app.parts) {
            assert!(worker.contains(&format!("{path:?}")), "{path}");
        }
    }

    /// What a phone fetches before it shows anything, compressed. `cargo xtask ci` builds it as a release does.
    #[test]
    fn what_is_fetched_first_keeps_to_its_budget() {
        const BUDGET_BYTES: usize = 390_000;
        let Ok(app) = APP else { return };
        let size = |path: &str| FILES.iter().find(|file| file.path == path).map_or(0, |file| file.brotli.len());
        let first: usize = [app.script, app.wasm, app.style].map(size).iter().sum();
        let advice = "Put what is not needed in order to read and write behind `web/src/view/later.rs`";
        assert!(first <= BUDGET_BYTES, "{first} bytes come first, and {BUDGET_BYTES} may. {advice}.");
    }
}
