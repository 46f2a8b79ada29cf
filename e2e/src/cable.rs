//! A cable between a browser and the server, which a test can pull out and put back: for the page, its socket and its worker alike.

use std::{
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// The cable. Dropping it pulls it out for good.
pub struct Cable {
    /// The address to give to the browser.
    pub base: String,
    state: Arc<Mutex<State>>,
    port: u16,
}

#[derive(Default)]
struct State {
    pulled: bool,
    gone: bool,
    lines: Vec<TcpStream>,
}

impl Cable {
    /// A cable to the server at `base`: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn to(base: &str) -> Self {
        let server = base.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                if shared.lock().unwrap_or_else(PoisonError::into_inner).gone {
                    return;
                }
                connect(&shared, browser, &server);
            }
        });
        Self { base: format!("http://127.0.0.1:{port}"), state, port }
    }

    /// Ends every connection, and lets no new one through.
    pub fn pull(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.pulled = true;
        for line in state.lines.drain(..) {
            let _ = line.shutdown(Shutdown::Both);
        }
    }

    /// Lets connections through again.
    pub fn plug(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).pulled = false;
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.pull();
        self.state.lock().unwrap_or_else(PoisonError::into_inner).gone = true;
        // Wakes the thread that listens, so that it sees this.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Carries bytes both ways, until either side or the cable ends it. A browser at a pulled cable is hung up on.
fn connect(shared: &Mutex<State>, browser: TcpStream, server: &str) {
    let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if state.pulled {
        return;
    }
    let Ok(server) = TcpStream::connect(server) else { return };
    let ends = [(&browser, &server), (&server, &browser)];
    for (from, to) in ends.map(|(from, to)| (from.try_clone(), to.try_clone())) {
        let (Ok(mut from), Ok(mut to)) = (from, to) else { return };
        thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
    state.lines.extend([browser, server]);
}
