//! A cable between a browser and the server, which a test can pull out and put back: for the page, its socket and its worker alike.

use std::{
    io::{Read, Write},
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
    /// Sockets are let through no more: they are hung up on, as by a proxy that knows none.
    cuts_sockets: bool,
    sockets: Vec<TcpStream>,
}

/// How a request for a socket begins.
const SOCKET: &[u8] = b"GET /api/v1/socket ";

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

    /// Ends every socket, and lets no new one through; everything else passes.
    pub fn cut_sockets(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.cuts_sockets = true;
        for socket in state.sockets.drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Lets sockets through again.
    pub fn mend_sockets(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).cuts_sockets = false;
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
fn connect(shared: &Arc<Mutex<State>>, browser: TcpStream, server: &str) {
    let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if state.pulled {
        return;
    }
    let Ok(server) = TcpStream::connect(server) else { return };
    let ends = [(&browser, &server, true), (&server, &browser, false)];
    for (from, to, up) in ends.map(|(from, to, up)| (from.try_clone(), to.try_clone(), up)) {
        let (Ok(mut from), Ok(mut to)) = (from, to) else { return };
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            if !up || begins(&shared, &mut from, &mut to).is_ok() {
                let _ = std::io::copy(&mut from, &mut to);
            }
            let _ = to.shutdown(Shutdown::Write);
        });
    }
    state.lines.extend([browser, server]);
}

/// Carries the beginning of what a browser says. An error: it wants a socket, and none is let through.
fn begins(shared: &Mutex<State>, from: &mut TcpStream, to: &mut TcpStream) -> std::io::Result<()> {
    let mut beginning = [0; 4_096];
    let read = from.read(&mut beginning)?;
    if beginning.starts_with(SOCKET) {
        let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if state.cuts_sockets {
            from.shutdown(Shutdown::Both)?;
            return Err(std::io::ErrorKind::ConnectionRefused.into());
        }
        state.sockets.extend([from.try_clone()?, to.try_clone()?]);
    }
    to.write_all(beginning.get(..read).unwrap_or_default())
}
