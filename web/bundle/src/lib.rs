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

/// The paths of a program's files: the app's, or those of the page of instant rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct App {
    /// The module to load; it fetches and starts the rest.
    pub script: &'static str,
    /// What the script fetches.
    pub wasm: &'static str,
    /// The app's style sheet.
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
        for app in [APP, INSTANT].into_iter().flatten() {
            assert!(has(app.script) && has(app.wasm) && has(app.style) && has(WORKER));
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
        for app in [APP, INSTANT].into_iter().flatten() {
            let script = FILES.iter().find(|file| file.path == app.script).map(|file| file.body).unwrap_or_default();
            let name = app.wasm.trim_start_matches("/assets/");
            assert!(String::from_utf8_lossy(script).contains(name));
        }
    }

    #[test]
    fn the_worker_keeps_all_that_the_app_is_made_of() {
        let Ok(app) = APP else { return };
        let worker = FILES.iter().find(|file| file.path == WORKER).map(|file| file.body).unwrap_or_default();
        let worker = String::from_utf8_lossy(worker);
        for path in [app.script, app.wasm, app.style, ICON] {
            assert!(worker.contains(&format!("{path:?}")), "{path}");
        }
    }
}
