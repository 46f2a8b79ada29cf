//! The blur that stands in a picture's place until it has come (<https://evanw.github.io/thumbhash/>).

use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData, Window};

/// Paints the blur. One that cannot be read leaves the canvas empty.
pub(crate) fn paint(window: &Window, canvas: &HtmlCanvasElement, base64: &str) {
    let Ok(binary) = window.atob(base64) else { return };
    let bytes: Vec<u8> = binary.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let Ok((width, height, pixels)) = thumbhash::thumb_hash_to_rgba(&bytes) else { return };
    let (Ok(wide), Ok(high)) = (u32::try_from(width), u32::try_from(height)) else { return };
    canvas.set_width(wide);
    canvas.set_height(high);
    let context = canvas.get_context("2d").ok().flatten().and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok());
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), wide, high).ok();
    if let Some((context, image)) = context.zip(image) {
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}
