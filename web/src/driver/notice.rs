//! What the browser shows outside the page, and the sound that goes with it.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, Notification, NotificationOptions, NotificationPermission, Window};

/// What the browser says of notifications from this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// It shows none: it cannot, or does not trust the way to the server.
    Unsupported,
    /// The person was not asked.
    Unasked,
    /// They allowed them.
    Granted,
    /// They refused them.
    Denied,
}

/// The two tones of the sound: hertz, and when each begins, in seconds.
const TONES: [(f32, f64); 2] = [(740.0, 0.0), (988.0, 0.09)];
/// How long a tone takes to fade, in seconds.
const FADE_S: f64 = 0.22;
const LOUD: f32 = 0.12;
const SILENT: f32 = 0.0001;

/// What the browser says now.
pub(crate) fn leave(window: &Window) -> Leave {
    if !window.is_secure_context() || !Reflect::has(window, &"Notification".into()).unwrap_or(false) {
        return Leave::Unsupported;
    }
    let said = Notification::permission();
    if said == NotificationPermission::Granted {
        Leave::Granted
    } else if said == NotificationPermission::Denied {
        Leave::Denied
    } else {
        Leave::Unasked
    }
}

/// Has the browser ask the person. Only in answer to a click of theirs.
pub(crate) async fn ask(window: &Window) -> Leave {
    if leave(window) == Leave::Unasked
        && let Ok(asked) = Notification::request_permission()
    {
        let _ = JsFuture::from(asked).await;
    }
    leave(window)
}

/// Shows something in the place of what has the same tag. Some browsers show nothing that a page asks for, though they were
/// allowed to.
pub(crate) fn show(title: &str, text: &str, tag: &str, clicked: impl Fn() + 'static) -> Option<Notification> {
    let options = NotificationOptions::new();
    options.set_body(text);
    options.set_tag(tag);
    // The server leads from here to the icon, whose address says its content.
    options.set_icon("/favicon.ico");
    let shown = Notification::new_with_options(title, &options).ok()?;
    let closing = shown.clone();
    let call = Closure::<dyn Fn()>::new(move || {
        closing.close();
        clicked();
    });
    shown.set_onclick(Some(call.as_ref().unchecked_ref()));
    // As long as it stands, it may be clicked.
    call.forget();
    Some(shown)
}

/// The sound. Made here, of two tones; a browser plays it once somebody has touched the page.
pub(crate) fn ring(window: &Window, context: &mut Option<AudioContext>) {
    // What may not be played yet would be played later, all at once.
    let touched = Reflect::get(&window.navigator(), &"userActivation".into())
        .and_then(|activation| Reflect::get(&activation, &"hasBeenActive".into()));
    if touched.is_ok_and(|touched| touched.is_falsy() && !touched.is_undefined()) {
        return;
    }
    if context.is_none() {
        *context = AudioContext::new().ok();
    }
    if let Some(context) = context {
        let _ = context.resume();
        for (pitch, begin) in TONES {
            let _ = tone(context, pitch, context.current_time() + begin);
        }
    }
}

fn tone(context: &AudioContext, pitch: f32, at: f64) -> Result<(), wasm_bindgen::JsValue> {
    let (source, loud) = (context.create_oscillator()?, context.create_gain()?);
    source.frequency().set_value(pitch);
    loud.gain().set_value_at_time(LOUD, at)?;
    loud.gain().exponential_ramp_to_value_at_time(SILENT, at + FADE_S)?;
    source.connect_with_audio_node(&loud)?;
    loud.connect_with_audio_node(&context.destination())?;
    source.start_with_when(at)?;
    source.stop_with_when(at + FADE_S)
}
