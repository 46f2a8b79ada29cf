//! Takes out of what was bound all that is nothing to a browser, and that it would fetch first: comments, indentation, and digits that
//! nothing can compress.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

/// How the names begin that wasm-bindgen makes.
const PREFIXES: [&str; 2] = ["__wb", "wasm_bindgen"];
/// Such a name ends with a hash: so many hexadecimal digits.
const HASH_DIGITS: usize = 16;

/// The script without comments and indentation.
pub(crate) fn script(script: &str) -> Result<String> {
    let mut lean = String::with_capacity(script.len());
    let mut comment = false;
    for line in script.lines().map(str::trim) {
        if comment || line.starts_with("/*") {
            comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            // A text over several lines would lose what it begins its lines with.
            ensure!(line.matches('`').count() % 2 == 0, "a text of the script is longer than its line: {line}");
            lean.push_str(line);
            lean.push('\n');
        }
    }
    Ok(lean)
}

/// Numbers in the place of the hashes with which names end: each is in the script and in the WebAssembly, and no two are alike. The names
/// are as long as before, so that nothing else in the WebAssembly changes.
pub(crate) fn names(script: &str, wasm: &mut [u8]) -> String {
    let mut numbered = BTreeMap::new();
    let mut counts = BTreeMap::<&str, usize>::new();
    for name in script.split(|c: char| !is_word(c)) {
        if let Some(stem) = stem(name).filter(|_| !numbered.contains_key(name)) {
            let count = counts.entry(stem).or_default();
            numbered.insert(name, format!("{stem}{count:0HASH_DIGITS$}"));
            *count += 1;
        }
    }
    rename(wasm, &numbered);
    let mut text = script.as_bytes().to_vec();
    rename(&mut text, &numbered);
    String::from_utf8(text).unwrap_or_else(|_| script.to_owned())
}

/// What is before the hash of a name, if it has one.
fn stem(name: &str) -> Option<&str> {
    let (stem, hash) = name.split_at_checked(name.len().checked_sub(HASH_DIGITS)?)?;
    let hashed = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (hashed && PREFIXES.iter().any(|prefix| stem.starts_with(prefix))).then_some(stem)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Puts the new names in the place of the old ones, in one pass: a new name may be another's old one.
fn rename(bytes: &mut [u8], names: &BTreeMap<&str, String>) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let begins = PREFIXES.iter().any(|prefix| rest.starts_with(prefix.as_bytes()));
        let length = if begins { rest.iter().take_while(|byte| is_word(char::from(**byte))).count() } else { 1 };
        let (word, after) = rest.split_at_mut(length);
        if let Some(new) = str::from_utf8(word).ok().and_then(|word| names.get(word)) {
            word.copy_from_slice(new.as_bytes());
        }
        rest = after;
    }
}
