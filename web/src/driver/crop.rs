//! A square cut out of a picture, by the browser itself: it reads every form of picture that it shows, and turns it upright.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, Document, HtmlCanvasElement, HtmlImageElement};

/// The side of the square that is cut out, in pixels: twice what the server keeps, for sharp screens.
const SIDE: u32 = 512;
/// How good the cut is as JPEG: the server makes it anew.
const QUALITY: f64 = 0.92;

/// The square of a picture whose corner is at `x` and `y`, in parts of the square's own side: what is left of it and above it.
/// `side` is the square's side, in parts of the picture's shorter one.
pub(crate) async fn square(
    document: &Document,
    image: &HtmlImageElement,
    (x, y): (f64, f64),
    side: f64,
) -> Option<Blob> {
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(SIDE);
    canvas.set_height(SIDE);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let cut = f64::from(image.natural_width().min(image.natural_height())) * side;
    let whole = f64::from(SIDE);
    let drawn = context.draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        image,
        x * cut,
        y * cut,
        cut,
        cut,
        0.0,
        0.0,
        whole,
        whole,
    );
    drawn.ok()?;
    let made = js_sys::Promise::new(&mut |answer: Function, _| {
        let told = Closure::once_into_js(move |blob: JsValue| {
            let _ = answer.call1(&JsValue::NULL, &blob);
        });
        let quality = JsValue::from_f64(QUALITY);
        let _ = canvas.to_blob_with_type_and_encoder_options(told.unchecked_ref(), "image/jpeg", &quality);
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}
