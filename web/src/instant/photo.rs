//! Pictures in the browser: made anew before they are sent, so that nothing is in them but the picture, and shown from memory.

use client::instant::{Format, look};
use js_sys::{Array, Function, Promise, Uint8Array};
use model::limits::INSTANT_PICTURE_BYTES_MAX;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Document, File, HtmlCanvasElement, ImageBitmap, Url, Window,
};

use crate::wait::kept;

/// The longest side of what is sent, in pixels, and what is tried when that is too much.
const SIDES: [u32; 2] = [2_048, 1_024];
/// How much of a picture's detail is kept.
const QUALITY: f64 = 0.85;
/// A file larger than this is not opened, in bytes.
const FILE_BYTES_MAX: f64 = 64.0 * 1024.0 * 1024.0;

/// A picture that the browser shows from memory, as long as this lives.
pub(crate) struct Shown(String);

impl Shown {
    pub(crate) fn new(format: Format, bytes: &[u8]) -> Option<Self> {
        let kind = BlobPropertyBag::new();
        kind.set_type(format.media_type());
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    /// Where the browser finds it.
    pub(crate) fn url(&self) -> &str {
        &self.0
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// A file's picture, drawn anew: without the place, the camera and the time that a photograph tells. Otherwise why not.
pub(crate) async fn remake(window: &Window, file: &File) -> Result<Vec<u8>, &'static str> {
    const NO_PICTURE: &str = "This file is no picture that your browser can open.";
    if file.size() > FILE_BYTES_MAX {
        return Err("This file is too large. A picture may have 64 MB before it is made smaller.");
    }
    let bitmap: ImageBitmap = kept(window.create_image_bitmap_with_blob(file)).await.ok_or(NO_PICTURE)?;
    let document = window.document().ok_or(NO_PICTURE)?;
    for side in SIDES {
        let canvas = drawn(&document, &bitmap, side).ok_or(NO_PICTURE)?;
        // A browser that does not write WebP writes PNG instead, which is large for photographs.
        for kind in ["image/webp", "image/jpeg"] {
            let Some(blob) = written(&canvas, kind).await.filter(|blob| blob.type_() == kind) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "five million")]
            if blob.size() > INSTANT_PICTURE_BYTES_MAX as f64 {
                continue;
            }
            let bytes: js_sys::ArrayBuffer = kept(Ok(blob.array_buffer())).await.ok_or(NO_PICTURE)?;
            let bytes = Uint8Array::new(&bytes).to_vec();
            if look(&bytes).is_some() {
                return Ok(bytes);
            }
        }
    }
    Err("This picture cannot be made small enough.")
}

fn drawn(document: &Document, bitmap: &ImageBitmap, side: u32) -> Option<HtmlCanvasElement> {
    let longest = bitmap.width().max(bitmap.height());
    let scaled = |pixels: u32| if longest > side { (pixels * side / longest).max(1) } else { pixels };
    let (width, height) = (scaled(bitmap.width()), scaled(bitmap.height()));
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, f64::from(width), f64::from(height)).ok()?;
    Some(canvas)
}

async fn written(canvas: &HtmlCanvasElement, kind: &str) -> Option<Blob> {
    let promise = Promise::new(&mut |resolve: Function, _| {
        let done = Closure::once_into_js(move |blob: JsValue| drop(resolve.call1(&JsValue::NULL, &blob)));
        let _ = canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), kind, &QUALITY.into());
    });
    kept(Ok(promise)).await
}
