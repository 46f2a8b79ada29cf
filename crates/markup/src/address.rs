//! Where a link may lead, and how far an address reaches in a text.

use crate::{word::disguises, work};

const MAIL: &str = "mailto:";
/// The schemes that are links. Whatever else claims to be one, such as `javascript:` or `data:`, is text.
const SCHEMES: [&str; 3] = ["https://", "http://", MAIL];
/// A longer mail address is text, in bytes: the `@` of one is looked for only so far.
const MAIL_BYTES_MAX: usize = 320;

/// How long the address is that a text begins with, in bytes, if it begins with one: as it stands in a sentence, so that
/// the full stop and the bracket after it are not of it.
pub(crate) fn bare(text: &str) -> Option<usize> {
    let whole = reach(text, |_| false)?;
    let mut address = whole;
    let mut surplus: i32 = whole.chars().map(|c| i32::from(c == ')') - i32::from(c == '(')).sum();
    while let Some(last) = address.chars().next_back() {
        let of_sentence = match last {
            ')' => surplus > 0,
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '|' | '\'' | '}' | '…' | '’' | '”' | '。' | '，'
            | '、' | '！' | '？' | '）' | '」' | '』' => true,
            _ => false,
        };
        if !of_sentence {
            break;
        }
        surplus -= i32::from(last == ')');
        address = address.strip_suffix(last)?;
    }
    leads_somewhere(address).then_some(address.len())
}

/// How long the address is that stands between `](` and `)`, in bytes; the text begins after the `](`.
pub(crate) fn between_brackets(text: &str) -> Option<usize> {
    let mut open = 0;
    let address = reach(text, |c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open < 0
    })?;
    (text.get(address.len()..)?.starts_with(')') && leads_somewhere(address)).then_some(address.len())
}

/// As far as no character stands that an address cannot have, nor one that ends it here, if a text begins like one. What
/// begins like one of the web is one, and what it takes up is not looked at again: that keeps the work in bounds.
fn reach(text: &str, mut ends_here: impl FnMut(char) -> bool) -> Option<&str> {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = SCHEMES.into_iter().find(|scheme| begins(scheme))?;
    if !text.get(scheme.len()..)?.starts_with(char::is_alphanumeric) {
        return None;
    }
    let text = if scheme == MAIL { text.get(..text.floor_char_boundary(MAIL_BYTES_MAX))? } else { text };
    let mut before = ' ';
    // A spoiler's end is nearer than an address with two such lines in it.
    let mut ends = |c: char| {
        let spoiler = std::mem::replace(&mut before, c) == '|' && c == '|';
        let foreign = matches!(c, '<' | '>' | '[' | ']' | '"' | '`') || disguises(c);
        spoiler || foreign || c.is_whitespace() || c.is_control() || ends_here(c)
    };
    let long = text.find(&mut ends).unwrap_or(text.len());
    work::steps(long);
    text.get(..long)
}

/// A mail address has somebody and a host.
fn leads_somewhere(address: &str) -> bool {
    let is_web = address.starts_with(['h', 'H']);
    is_web || address.split_once('@').is_some_and(|(_, host)| !host.is_empty())
}
