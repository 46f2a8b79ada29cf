//! Fills a running server with instant rooms of two people each, and says how much memory it takes.
//!
//! `cargo run --release -p stonechat-e2e --example instant_rooms -- 127.0.0.1:8000 <pid> 10000`
//!
//! In each room both say one envelope of 256 bytes and hear the other's; then all stay, and answer pings. Each hundred rooms
//! come from another address of this machine, because one address may open no more. Both programs need a file for each
//! socket: `ulimit -n`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool of the measurements may fail loudly")]

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream},
    time::Instant,
};

use protocol::instant::{Head, Id, PATH, SUBPROTOCOL, Sender};
use socket2::{Domain, Socket, Type};
use tungstenite::{Message, WebSocket, client::IntoClientRequest as _, http::HeaderValue, protocol::WebSocketConfig};

/// Rooms that come from one address.
const ROOMS_PER_ADDRESS: u32 = 100;
/// Rooms between two looks at who was pinged.
const ROOMS_PER_SWEEP: u32 = 500;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [server, pid, rooms] = arguments.as_slice() else {
        println!("instant_rooms <address:port of the server> <its pid> <how many rooms>");
        return;
    };
    let (server, rooms): (SocketAddr, u32) = (server.parse().unwrap(), rooms.parse().unwrap());
    let before = resident_kb(pid);
    let began = Instant::now();
    let mut sockets = Vec::new();
    for room in 0..rooms {
        let [mut one, mut other] = [enter(server, room), enter(server, room)];
        for (sender, from, to) in [(1, 0, 1), (2, 1, 0)] {
            let pair = [&mut one, &mut other];
            let head = Head { sender: Sender::new([sender; 8]), counter: 1 };
            let envelope = Message::binary([head.bytes().as_slice(), &[0; 256 + 16]].concat());
            pair[from].send(envelope.clone()).unwrap();
            while pair[to].read().unwrap() != envelope {}
        }
        for socket in [one, other] {
            socket.get_ref().set_nonblocking(true).unwrap();
            sockets.push(socket);
        }
        if room % ROOMS_PER_SWEEP == 0 {
            answer_pings(&mut sockets);
        }
    }
    answer_pings(&mut sockets);
    let after = resident_kb(pid);
    println!("{rooms} rooms, {} sockets, opened in {:.0} s", sockets.len(), began.elapsed().as_secs_f64());
    println!("VmRSS before {before} kB, after {after} kB");
    println!("{:.1} KiB for each socket", f64::from(after - before) / f64::from(2 * rooms));
}

fn enter(server: SocketAddr, room: u32) -> WebSocket<TcpStream> {
    let [.., high, low] = (room / ROOMS_PER_ADDRESS + 1).to_be_bytes();
    let from = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(127, 0, 1 + high, low), 0));
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&from.into()).unwrap();
    socket.connect(&server.into()).unwrap();
    let mut id = [0; Id::BYTES];
    id[..4].copy_from_slice(&room.to_be_bytes());
    let mut request = format!("ws://{server}{PATH}{}", Id::new(id).text()).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    let small = WebSocketConfig::default().read_buffer_size(1_024).write_buffer_size(0);
    tungstenite::client::client_with_config(request, TcpStream::from(socket), Some(small)).unwrap().0
}

/// Reads what has come, which answers pings. Everybody has to be there still.
fn answer_pings(sockets: &mut [WebSocket<TcpStream>]) {
    for socket in sockets {
        loop {
            match socket.read() {
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => panic!("a member was lost: {error}"),
            }
        }
    }
}

/// What the process holds in memory.
fn resident_kb(pid: &str) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
