//! The microphone: records until it is told to stop, in the form that the browser likes best.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, File, FilePropertyBag, MediaRecorder, MediaStream, MediaStreamConstraints, MediaStreamTrack,
    Window,
};

/// A recording that goes on. When it is dropped, the microphone is let go.
pub(crate) struct Recorder {
    machine: MediaRecorder,
    stream: MediaStream,
    pieces: Array,
    _heard: Closure<dyn Fn(BlobEvent)>,
}

impl Recorder {
    /// Whether the browser can record here: it lets nobody where a page came over an open line.
    pub(crate) fn is_possible(window: &Window) -> bool {
        js_sys::Reflect::has(window, &"MediaRecorder".into()).unwrap_or(false)
            && js_sys::Reflect::get(&window.navigator(), &"mediaDevices".into())
                .is_ok_and(|devices| !devices.is_undefined())
    }

    /// Asks the person for the microphone, and begins. None: they said no, or there is none.
    pub(crate) async fn start(window: &Window) -> Option<Self> {
        let wishes = MediaStreamConstraints::new();
        wishes.set_audio(&JsValue::TRUE);
        let asked = window.navigator().media_devices().ok()?.get_user_media_with_constraints(&wishes).ok()?;
        let stream: MediaStream = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
        let recorder = MediaRecorder::new_with_media_stream(&stream).ok()?;
        let pieces = Array::new();
        let kept = pieces.clone();
        let heard = Closure::<dyn Fn(BlobEvent)>::new(move |event: BlobEvent| {
            if let Some(piece) = event.data() {
                kept.push(&piece);
            }
        });
        recorder.set_ondataavailable(Some(heard.as_ref().unchecked_ref()));
        recorder.start().ok()?;
        Some(Self { machine: recorder, stream, pieces, _heard: heard })
    }

    /// Ends it, and gives what was recorded.
    pub(crate) async fn stop(self, name: &str) -> Option<File> {
        let ended = js_sys::Promise::new(&mut |ended, _| self.machine.set_onstop(Some(&ended)));
        self.machine.stop().ok()?;
        JsFuture::from(ended).await.ok()?;
        let media_type = self.machine.mime_type();
        let plain = media_type.split(';').next().unwrap_or_default().to_owned();
        let ending = plain.rsplit('/').next().unwrap_or("webm");
        let about = FilePropertyBag::new();
        about.set_type(&plain);
        File::new_with_blob_sequence_and_options(&self.pieces, &format!("{name}.{ending}"), &about).ok()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// How loud a sound is from its beginning to its end, in so many steps from 0 to 1, and how long it is, in seconds.
pub(crate) async fn loudness(window: &Window, address: &str, steps: u32) -> Option<(Vec<f32>, f64)> {
    let answer: web_sys::Response = JsFuture::from(window.fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    let blob: Blob = JsFuture::from(answer.blob().ok()?).await.ok()?.dyn_into().ok()?;
    let bytes: js_sys::ArrayBuffer = JsFuture::from(blob.array_buffer()).await.ok()?.dyn_into().ok()?;
    // It plays nothing, and needs no leave to do so.
    let context = web_sys::OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, 16_000.0);
    let decoded = context.ok()?.decode_audio_data(&bytes).ok()?;
    let sound: web_sys::AudioBuffer = JsFuture::from(decoded).await.ok()?.dyn_into().ok()?;
    let samples = sound.get_channel_data(0).ok()?;
    let step = samples.len().div_ceil(steps as usize).max(1);
    let peaks = samples.chunks(step).map(|chunk| chunk.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs())));
    let peaks: Vec<f32> = peaks.collect();
    let loudest = peaks.iter().copied().fold(0.05_f32, f32::max);
    Some((peaks.into_iter().map(|peak| peak / loudest).collect(), sound.duration()))
}
