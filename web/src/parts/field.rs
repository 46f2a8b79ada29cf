//! The field that a message is written in.

use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};

/// The code that browsers give a key which an input method has taken (UI Events, 7.3.1).
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// Whether this key sends: Enter does, Shift+Enter breaks the line, and Enter that ends a word of an input method does neither.
#[must_use]
pub fn sends(event: &KeyboardEvent) -> bool {
    let composing = event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD;
    event.key() == "Enter" && !event.shift_key() && !composing
}

/// Makes the field as tall as its text, up to what the style allows.
pub fn grow(field: &HtmlTextAreaElement) {
    let style = HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}
