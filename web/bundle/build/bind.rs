//! From a compiled program to the two files that a browser loads.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) struct Bound {
    pub(crate) script: String,
    pub(crate) wasm: Vec<u8>,
}

/// Makes the JavaScript glue and the WebAssembly that fits it.
pub(crate) fn bind(compiled: &Path, stem: &str, out: &Path) -> Result<Bound> {
    let folder = out.join("bound").join(stem);
    // Glue of an earlier build must not be taken for this one's.
    let _ = fs::remove_dir_all(&folder);
    Bindgen::new()
        .input_path(compiled.join(stem).with_extension("wasm"))
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .context("wasm-bindgen")?;
    ensure!(!folder.join("snippets").exists(), "a dependency brings JavaScript of its own; the client is one script");
    prebuilt(&folder, stem)
}

/// Takes the two files from a folder that wasm-bindgen wrote.
pub(crate) fn prebuilt(folder: &Path, stem: &str) -> Result<Bound> {
    let read = |name: String| {
        let file = folder.join(name);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))
    };
    Ok(Bound {
        script: String::from_utf8(read(format!("{stem}.js"))?).context("the script is not UTF-8")?,
        wasm: read(format!("{stem}_bg.wasm"))?,
    })
}

/// The script with a last line that starts it: no inline script is needed then, and the page's policy allows none.
pub(crate) fn starting(script: &str, wasm: &str) -> Vec<u8> {
    format!("{script}\n__wbg_init({{ module_or_path: new URL('{wasm}', import.meta.url) }});\n").into_bytes()
}
