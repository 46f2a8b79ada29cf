//! Whether a text is a few emoji and nothing else, by the browser's own tables of Unicode.

use js_sys::{Array, Function, Reflect, RegExp};
use wasm_bindgen::{JsCast, JsValue};

/// One to three, with or without spaces between them.
const ALONE: &str = r"^(?:\p{RGI_Emoji}\s*){1,3}$";
/// The longest emoji, with all its parts and joints, has 35 bytes.
const BYTES_MAX: usize = 3 * 40;

thread_local! {
    /// Dear to make, cheap to use. A browser that does not know such sets has none.
    static PATTERN: Option<RegExp> = pattern();
}

/// Whether it is one to three emoji alone.
pub(crate) fn is_emoji_alone(text: &str) -> bool {
    let likely = text.len() <= BYTES_MAX && !text.is_ascii();
    likely && PATTERN.with(|pattern| pattern.as_ref().is_some_and(|pattern| pattern.test(text)))
}

/// By the constructor's own name: a browser that does not know the flag throws, and then it is to be caught.
fn pattern() -> Option<RegExp> {
    let class: Function = Reflect::get(&js_sys::global(), &"RegExp".into()).ok()?.into();
    Reflect::construct(&class, &Array::of2(&JsValue::from_str(ALONE), &"v".into())).ok()?.dyn_into().ok()
}
