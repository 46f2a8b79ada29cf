//! From a compiled program to the files that a browser loads.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{lean, split};

pub(crate) struct Bound {
    pub(crate) script: String,
    pub(crate) wasm: Vec<u8>,
    /// What the script fetches when it is wanted, by the names that the script has for them.
    pub(crate) parts: Vec<(String, Vec<u8>)>,
}

/// Splits the program and makes the JavaScript glue and the WebAssembly that fits it. The folder `bound` has the result, for
/// whoever builds elsewhere (`prebuilt`).
pub(crate) fn bind(compiled: &Path, stem: &str, out: &Path) -> Result<Bound> {
    let (apart, folder) = (out.join("split").join(stem), out.join("bound").join(stem));
    // Glue of an earlier build must not be taken for this one's.
    let _ = fs::remove_dir_all(&apart);
    let _ = fs::remove_dir_all(&folder);
    let split = split::split(&compiled.join(stem).with_extension("wasm"), &apart)?;
    Bindgen::new()
        .input_path(&split.first)
        .out_name(stem)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The parts take the memory and the table of functions from the first file.
        .keep_lld_exports(true)
        .generate(&folder)
        .context("wasm-bindgen")?;
    ensure!(!folder.join("snippets").exists(), "a dependency brings JavaScript of its own; the client is one script");
    let script = folder.join(stem).with_extension("js");
    let mut joined = split.join(&fs::read_to_string(&script)?)?;
    for (name, wasm) in &split.parts {
        let file = format!("{stem}.{name}.wasm");
        joined = joined.replace(&format!("\"./{name}.wasm\""), &format!("\"./{file}\""));
        fs::write(folder.join(file), wasm)?;
    }
    let program = folder.join(format!("{stem}_bg.wasm"));
    let mut wasm = fs::read(&program)?;
    fs::write(script, lean::names(&lean::script(&joined)?, &mut wasm))?;
    fs::write(program, wasm)?;
    prebuilt(&folder, stem)
}

/// Takes the files from a folder that was made by `bind`.
pub(crate) fn prebuilt(folder: &Path, stem: &str) -> Result<Bound> {
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))
    };
    let mut parts = Vec::new();
    for file in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let name = file?.file_name().to_string_lossy().into_owned();
        let part = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".wasm"));
        if part.is_some() {
            parts.push((name.clone(), read(&name)?));
        }
    }
    parts.sort();
    Ok(Bound {
        script: String::from_utf8(read(&format!("{stem}.js"))?).context("the script is not UTF-8")?,
        wasm: read(&format!("{stem}_bg.wasm"))?,
        parts,
    })
}

/// The script with a last line that starts it: no inline script is needed then, and the page's policy allows none.
pub(crate) fn starting(script: &str, wasm: &str) -> Vec<u8> {
    format!("{script}\n__wbg_init({{ module_or_path: new URL('{wasm}', import.meta.url) }});\n").into_bytes()
}
