//! The place in a field of text where one writes.

use web_sys::HtmlTextAreaElement;

/// What stands before the caret, and nothing while a part of the text is chosen.
pub(crate) fn before_caret(field: &HtmlTextAreaElement) -> String {
    let (start, end) = selection(field);
    if start != end {
        return String::new();
    }
    // Browsers count in UTF-16.
    let units: Vec<u16> = field.value().encode_utf16().take(start as usize).collect();
    String::from_utf16_lossy(&units)
}

/// Puts text where the caret is, instead of what is chosen and of so much before it; the caret stands behind it then.
pub(crate) fn insert(field: &HtmlTextAreaElement, instead_of: &str, text: &str) {
    let (start, end) = selection(field);
    let before = u32::try_from(instead_of.encode_utf16().count()).unwrap_or_default();
    let start = start.saturating_sub(before);
    let _ = field.set_range_text_with_start_and_end_and_mode(text, start, end, "end");
}

fn selection(field: &HtmlTextAreaElement) -> (u32, u32) {
    let place = |found: Option<u32>| found.unwrap_or_default();
    (place(field.selection_start().ok().flatten()), place(field.selection_end().ok().flatten()))
}
