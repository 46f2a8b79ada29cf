//! The field that a message is written in, and the place in it where one writes.

use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};

/// The code that browsers give a key which an input method has taken (UI Events, 7.3.1).
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// Whether this key sends: Enter does, Shift+Enter breaks the line, and Enter that ends a word of an input method does neither.
#[must_use]
pub fn sends(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !composes(event)
}

/// Whether this key is an input method's.
#[must_use]
pub fn composes(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD
}

/// Makes the field as tall as its text, up to what the style allows.
pub fn grow(field: &HtmlTextAreaElement) {
    let style = HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}

/// What stands before the caret, and nothing while a part of the text is chosen.
pub fn before_caret(field: &HtmlTextAreaElement) -> String {
    let (start, end) = selection(field);
    if start != end {
        return String::new();
    }
    // Browsers count in UTF-16.
    let units: Vec<u16> = field.value().encode_utf16().take(start as usize).collect();
    String::from_utf16_lossy(&units)
}

/// Puts text where the caret is, instead of what is chosen and of so much before it; the caret stands behind it then.
pub fn insert(field: &HtmlTextAreaElement, instead_of: &str, text: &str) {
    let (start, end) = selection(field);
    let before = u32::try_from(instead_of.encode_utf16().count()).unwrap_or_default();
    let start = start.saturating_sub(before);
    let _ = field.set_range_text_with_start_and_end_and_mode(text, start, end, "end");
}

fn selection(field: &HtmlTextAreaElement) -> (u32, u32) {
    let place = |found: Option<u32>| found.unwrap_or_default();
    (place(field.selection_start().ok().flatten()), place(field.selection_end().ok().flatten()))
}
