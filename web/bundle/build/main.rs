//! Builds what the crate embeds: sources in, hashed and compressed files and a table of them out.
//!
//! `STONECHAT_BUILD_WEB=off` leaves the app out; `STONECHAT_BUILD_WEB=<dir>` takes it from a folder that holds the output of
//! wasm-bindgen, for packagers and for machines without a WebAssembly target.

#![expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

mod asset;
mod bind;
mod compile;
mod emoji;
mod lean;
mod split;
mod style;
mod table;

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{asset::Asset, table::Paths};

/// The names of the two programs, as cargo makes them.
const APP: &str = "stonechat-web";
const INSTANT: &str = "stonechat-instant";

/// What the output depends on, from the workspace's root.
const SOURCES: [&str; 18] = [
    "Cargo.lock",
    "web/Cargo.toml",
    "web/src",
    "web/emoji",
    "web/style",
    "web/icon.svg",
    "web/languages.txt",
    "web/worker.js",
    "web/bundle/build",
    "web/bundle/Cargo.toml",
    "crates/client/Cargo.toml",
    "crates/client/src",
    "crates/markup/Cargo.toml",
    "crates/markup/src",
    "crates/model/Cargo.toml",
    "crates/model/src",
    "crates/protocol/Cargo.toml",
    "crates/protocol/src",
];

fn main() -> Result<()> {
    let root = root()?;
    println!("cargo:rerun-if-env-changed=STONECHAT_BUILD_WEB");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR is not set")?);

    let doors = Asset::new("doors", "css", style::doors(&root)?);
    let icon = Asset::new("icon", "svg", std::fs::read(root.join("web/icon.svg")).context("web/icon.svg")?);
    let mut paths =
        Paths { doors: doors.path(), icon: icon.path(), app: Err(String::new()), instant: Err(String::new()) };
    let mut assets = vec![doors, icon];
    match app(&root, &out)? {
        Ok(bound) => {
            let [bound, instant] = bound;
            let (script, wasm, parts) = files("stonechat", bound)?;
            let style = Asset::new("app", "css", style::app(&root)?);
            let emoji = Asset::new("emoji", "txt", emoji::table(&root)?);
            let languages = std::fs::read(root.join("web/languages.txt")).context("web/languages.txt")?;
            let languages = Asset::new("languages", "txt", languages);
            let worker = std::fs::read_to_string(root.join("web/worker.js")).context("web/worker.js")?;
            let kept = [script.path(), wasm.path(), style.path(), paths.icon.clone()];
            let later: Vec<String> = parts.iter().map(Asset::path).collect();
            let lists = format!("const FILES = {kept:?};\nconst PARTS = {later:?};\n");
            let worker = Asset::fixed("sw", "js", (lists + &worker).into_bytes());
            paths.app = Ok(([script.path(), wasm.path(), style.path(), emoji.path(), languages.path()], later));
            assets.extend([script, wasm, style, emoji, languages, worker]);
            assets.extend(parts);
            let (script, wasm, parts) = files("instant", instant)?;
            ensure!(parts.is_empty(), "the page of instant rooms is small, and no part of it comes later");
            let style = Asset::new("room", "css", style::instant(&root)?);
            paths.instant = Ok([script.path(), wasm.path(), style.path()]);
            assets.extend([script, wasm, style]);
        }
        Err(why) => {
            println!("cargo:warning=building without the web client: {why}");
            (paths.app, paths.instant) = (Err(why.clone()), Err(why));
        }
    }
    // Compressing takes seconds and serves the network only.
    let compress = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    for asset in &assets {
        asset.write(&out, compress)?;
    }
    table::write(&out.join("files.rs"), &assets, &paths, compress)
}

/// A program's script and its first WebAssembly, and what comes later, under their names in the browser.
fn files(stem: &str, bound: bind::Bound) -> Result<(Asset, Asset, Vec<Asset>)> {
    let wasm = Asset::new(stem, "wasm", bound.wasm);
    let mut script = bound.script;
    let mut parts = Vec::new();
    for (name, wasm) in bound.parts {
        let part = Asset::new(&format!("{stem}-part"), "wasm", wasm);
        let named = script.replace(&name, &part.name());
        ensure!(named != script, "the script does not fetch {name}");
        script = named;
        parts.push(part);
    }
    Ok((Asset::new(stem, "js", bind::starting(&script, &wasm.name())), wasm, parts))
}

/// What the app and the page of instant rooms are made of, or why they are not here and what to do.
fn app(root: &Path, out: &Path) -> Result<Result<[bind::Bound; 2], String>> {
    match env::var("STONECHAT_BUILD_WEB").ok().filter(|choice| !choice.is_empty()) {
        Some(choice) if choice == "off" => Ok(Err(
            "it was switched off with STONECHAT_BUILD_WEB=off when this program was built. Build again without it."
                .into(),
        )),
        Some(folder) => {
            let folder = root.join(folder);
            println!("cargo:rerun-if-changed={}", folder.display());
            Ok(Ok([bind::prebuilt(&folder, APP)?, bind::prebuilt(&folder, INSTANT)?]))
        }
        None => match compile::target() {
            Ok(()) => {
                let folder = compile::compile(root, out)?;
                Ok(Ok([bind::bind(&folder, APP, out)?, bind::bind(&folder, INSTANT, out)?]))
            }
            Err(why) => {
                // What is missing counts as changed: the next build tries again, and finds the target if it is there by then.
                if let Some(folder) = compile::target_folder() {
                    println!("cargo:rerun-if-changed={}", folder.display());
                }
                Ok(Err(why))
            }
        },
    }
}

fn root() -> Result<PathBuf> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").context("CARGO_MANIFEST_DIR is not set")?);
    Ok(here.ancestors().nth(2).context("web/bundle lies two folders below the workspace's root")?.to_owned())
}
