//! Settings from `stonechat.toml`.
//!
//! A key is `log.format`, whether it stands alone or under `[log]`. Every key has to be known, and is found by its line.

use anyhow::{anyhow, bail};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::given::{Given, Place, is_switch, keys, known, nearest};

/// Reads the text of a file; `file` is what to call it.
pub(super) fn given(file: &str, text: &str) -> anyhow::Result<Vec<Given>> {
    let reader = Reader { file, text, keys: keys() };
    let table = DeTable::parse(text).map_err(|error| {
        let place = reader.place(error.span().map_or(0, |span| span.start));
        anyhow!("{place} is not TOML: {}.", error.message())
    })?;
    let mut given = Vec::new();
    reader.table("", table.get_ref(), &mut given)?;
    Ok(given)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    keys: Vec<String>,
}

impl Reader<'_> {
    fn table(&self, prefix: &str, table: &DeTable<'_>, given: &mut Vec<Given>) -> anyhow::Result<()> {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            let place = self.place(name.span().start);
            if self.keys.contains(&key) {
                let text = text(value).or_else(|| switch(&key, value));
                let text = text.ok_or_else(|| anyhow!("{place}: `{key}` is a text in quotes, or a list of texts."))?;
                // An empty list says nothing; an empty text is a mistake, which the check finds.
                if !matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
                    given.push(Given { key, text, place });
                }
            } else if let DeValue::Table(inner) = value.get_ref()
                && self.keys.iter().any(|known| known.starts_with(&format!("{key}.")))
            {
                self.table(&format!("{key}."), inner, given)?;
            } else {
                bail!("{place}: there is no setting `{key}`. {}", nearest(&key, self.keys.iter().map(String::as_str)));
            }
        }
        Ok(())
    }

    fn place(&self, offset: usize) -> Place {
        let before = self.text.as_bytes().iter().take(offset);
        Place::Line { file: self.file.to_owned(), line: before.filter(|byte| **byte == b'\n').count() + 1 }
    }
}

/// `true` or `false`, bare, where nothing else is meant.
fn switch(key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
    let DeValue::Boolean(on) = value.get_ref() else { return None };
    known().iter().any(|setting| setting.get_id() == key && is_switch(setting)).then(|| on.to_string())
}

fn text(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| item.get_ref().as_str()).collect::<Option<Vec<_>>>()?;
            Some(items.join(","))
        }
        DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
