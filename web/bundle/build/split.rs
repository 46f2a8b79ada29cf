//! Takes out of a compiled program what is marked as not needed at once (`#[wasm_split]`): each such part is a file of its own.
//!
//! The parts share the memory and the functions of the first file. Who calls into one first has it fetched, by a script that is put
//! into the program's own: the two know each other, and neither could be named by its content otherwise.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

/// The script that fetches parts, by the name under which the program imports it.
const LOADER: &str = "./__wasm_split.js";
/// How each loader in that script is called.
const EXPORT: &str = "export const __wasm_split_load_";
/// The script gets at the memory of the program by this.
const PROGRAM: &str = "./program.js";

/// What is left to bind, and what was split off.
pub(crate) struct Split {
    pub(crate) first: PathBuf,
    loader: String,
    /// Each part by its name.
    pub(crate) parts: Vec<(String, Vec<u8>)>,
}

/// Splits a program into the first file and the parts.
pub(crate) fn split(compiled: &Path, folder: &Path) -> Result<Split> {
    let wasm = fs::read(compiled).with_context(|| compiled.display().to_string())?;
    let first = folder.join("first.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.link_name = LOADER;
    options.main_module = PROGRAM;
    let split = transform(options).map_err(|why| anyhow!("the program cannot be split: {why:?}"))?;
    let mut parts = Vec::new();
    for file in split.split_modules {
        let name = file.file_stem().and_then(|name| name.to_str()).context("a part has no name")?;
        parts.push((name.to_owned(), without_notes(&fs::read(&file)?).context("a part is no WebAssembly")?));
    }
    parts.sort();
    let loader = fs::read_to_string(folder.join(LOADER)).context(LOADER)?;
    Ok(Split { first, loader, parts })
}

impl Split {
    /// Puts the loader in the place where the program's script imports it.
    pub(crate) fn join(&self, script: &str) -> Result<String> {
        let imported = script.lines().find(|line| line.starts_with("import ") && line.contains(LOADER));
        let Some(imported) = imported else {
            ensure!(self.parts.is_empty(), "the script does not import the loader of its parts");
            return Ok(script.to_owned());
        };
        let name = imported.split_whitespace().nth(3).context("the loader is imported in an unknown way")?;
        let own = format!("import {{ initSync }} from \"{PROGRAM}\";");
        ensure!(self.loader.contains(&own), "the loader of the parts is written in an unknown way");
        let loaders: Vec<&str> =
            self.loader.split(EXPORT).skip(1).filter_map(|loader| loader.split_whitespace().next()).collect();
        ensure!(!loaders.is_empty(), "the loader of the parts loads nothing");
        let loaders = loaders.iter().map(|name| format!("__wasm_split_load_{name}")).collect::<Vec<_>>().join(", ");
        let loader = self.loader.replace(&own, "").replace(EXPORT, "const __wasm_split_load_");
        Ok(script.replace(imported, &format!("{loader}\nconst {name} = {{ {loaders}}};")))
    }
}

/// WebAssembly without its custom sections: names of functions, and what made it.
fn without_notes(wasm: &[u8]) -> Option<Vec<u8>> {
    const HEAD: usize = 8;
    const CUSTOM: u8 = 0;
    let (head, mut rest) = wasm.split_at_checked(HEAD)?;
    let mut kept = head.to_vec();
    while let Some((kind, after)) = rest.split_first() {
        // The length is a number of seven bits a byte, the lowest first.
        let digits = after.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let length = after.get(..digits)?.iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
        let (section, others) = rest.split_at_checked(1 + digits + length)?;
        if *kind != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = others;
    }
    Some(kept)
}
