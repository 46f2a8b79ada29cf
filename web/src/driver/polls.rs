//! What stands in for the socket where none comes through: frames are fetched by polls that wait, and sent by posts, one after the
//! other. Whatever goes wrong is told as a lost socket: the engine comes back and says where it stands.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use js_sys::{Array, JSON, Reflect};
use leptos::task::spawn_local;
use model::limits::LINE_WAIT_MS_MAX;
use protocol::http::LineOpened;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal, Window};

use super::{
    fetch::{self, Nothing},
    socket::Heard,
};

const EVENTS: &str = "/api/v1/events";
/// The number of a socket that was lost.
const LOST: u16 = 1006;

/// Is told what comes.
pub(crate) type Tell = Box<dyn Fn(Heard)>;

/// Polls that go on until they are dropped.
pub(crate) struct Polls {
    say: Box<dyn Fn(String)>,
    end: AbortController,
}

impl Polls {
    /// Sends a frame, after those before it.
    pub(crate) fn send(&self, frame: String) {
        (self.say)(frame);
    }
}

impl Drop for Polls {
    fn drop(&mut self) {
        self.end.abort();
    }
}

/// A line to the server.
struct Line {
    window: Window,
    /// Where it is, once it is open.
    path: RefCell<Option<String>>,
    waiting: RefCell<VecDeque<String>>,
    sending: Cell<bool>,
    end: AbortSignal,
    tell: Tell,
}

/// Opens a line. What comes is told until it is dropped.
pub(crate) fn open(window: Window, tell: Tell) -> Option<Polls> {
    let end = AbortController::new().ok()?;
    let line = Rc::new(Line {
        window,
        path: RefCell::default(),
        waiting: RefCell::default(),
        sending: Cell::new(false),
        end: end.signal(),
        tell,
    });
    let listening = Rc::clone(&line);
    spawn_local(async move {
        let code = listening.listen().await;
        listening.over(code);
        let path = listening.path.borrow().clone();
        if let Some(path) = path {
            // It may be over for the server, too.
            let _ = fetch::delete(&listening.window, &path).await;
        }
    });
    let say = Box::new(move |frame| {
        line.waiting.borrow_mut().push_back(frame);
        if !line.sending.replace(true) {
            let line = Rc::clone(&line);
            spawn_local(async move { line.speak().await });
        }
    });
    Some(Polls { say, end })
}

impl Line {
    /// Fetches until there is nothing more to come; gives the number of a socket's end.
    async fn listen(&self) -> u16 {
        let Ok(LineOpened { line }) = fetch::post(&self.window, EVENTS, &Nothing {}).await else { return LOST };
        let path = format!("{EVENTS}/{line}");
        self.path.replace(Some(path.clone()));
        let mut last = 0_f64;
        while !self.end.aborted() {
            let asked = format!("{path}?after={last}&wait_ms={LINE_WAIT_MS_MAX}");
            let Ok(text) = fetch::text_until(&self.window, &asked, &self.end).await else { return LOST };
            if text.is_empty() {
                continue;
            }
            let Ok(polled) = JSON::parse(&text) else { return LOST };
            for frame in Array::from(&member(&polled, "frames")) {
                if let (false, Some(frame)) = (self.end.aborted(), JSON::stringify(&frame).ok()) {
                    (self.tell)(Heard::Frame(frame.into()));
                }
            }
            last = member(&polled, "last").as_f64().unwrap_or(last);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number of a close frame")]
            if let Some(code) = member(&member(&polled, "ended"), "code").as_f64() {
                return code as u16;
            }
        }
        LOST
    }

    /// Sends what waits.
    async fn speak(&self) {
        loop {
            let Some(path) = self.path.borrow().clone() else { break };
            let Some(frame) = self.waiting.borrow_mut().pop_front() else { break };
            if fetch::post_text(&self.window, &path, frame).await.is_err() {
                self.over(LOST);
                break;
            }
        }
        self.sending.set(false);
    }

    fn over(&self, code: u16) {
        if !self.end.aborted() {
            (self.tell)(Heard::Closed(code));
        }
    }
}

fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
