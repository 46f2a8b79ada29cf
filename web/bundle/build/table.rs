//! The table of files, as the Rust source that the crate includes.

use std::{fmt::Write, fs, path::Path};

use anyhow::Result;

use crate::asset::Asset;

/// The paths that pages name.
pub(crate) struct Paths {
    pub(crate) doors: String,
    pub(crate) icon: String,
    /// Script, WebAssembly, style, emoji, languages, and the parts that come later; or why there is no app.
    pub(crate) app: Result<([String; 5], Vec<String>), String>,
    /// The same of the page of instant rooms.
    pub(crate) instant: Result<[String; 3], String>,
}

pub(crate) fn write(file: &Path, assets: &[Asset], paths: &Paths, compressed: bool) -> Result<()> {
    let mut text = String::new();
    writeln!(text, "/// Every file to serve.\npub static FILES: &[File] = &[")?;
    for asset in assets {
        let (name, content_type) = (asset.name(), asset.content_type());
        let include = |ending: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}{ending}\"))");
        let (brotli, gzip) = if compressed { (include(".br"), include(".gz")) } else { ("&[]".into(), "&[]".into()) };
        writeln!(
            text,
            "File {{ path: {:?}, content_type: {content_type:?}, body: {}, brotli: {brotli}, gzip: {gzip} }},",
            asset.path(),
            include(""),
        )?;
    }
    writeln!(text, "];")?;
    writeln!(
        text,
        "/// The path of the style of pages outside the app.\npub static DOORS_STYLE: &str = {:?};",
        paths.doors
    )?;
    writeln!(text, "/// The path of the icon.\npub static ICON: &str = {:?};", paths.icon)?;
    let app = match &paths.app {
        Ok(([script, wasm, style, emoji, languages], parts)) => format!(
            "Ok(App {{ script: {script:?}, wasm: {wasm:?}, style: {style:?}, emoji: {emoji:?}, languages: {languages:?}, parts: &{parts:?} }})"
        ),
        Err(why) => format!("Err({why:?})"),
    };
    writeln!(
        text,
        "/// The app, or why it is not here and what to do.\npub static APP: Result<App, &'static str> = {app};"
    )?;
    let instant = match &paths.instant {
        Ok([script, wasm, style]) => format!("Ok(Program {{ script: {script:?}, wasm: {wasm:?}, style: {style:?} }})"),
        Err(why) => format!("Err({why:?})"),
    };
    writeln!(
        text,
        "/// The page of instant rooms, or why it is not here and what to do.\npub static INSTANT: Result<Program, &'static str> = {instant};"
    )?;
    fs::write(file, text)?;
    Ok(())
}
