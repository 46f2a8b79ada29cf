//! People with accounts. The server lets so many sign up, and so many connections in, from one address: they come from many.

use std::net::{Ipv4Addr, SocketAddr};

use model::{Person, Room, RoomId};
use protocol::http::{JoinRoomBody, LogInBody, SignUpBody, SignedIn};

use crate::{http::Desk, link::Way};

/// The password of everybody.
const PASSWORD: &str = "two stones struck together";
/// People who sign up from one address.
const NEIGHBOURS: usize = 20;
/// Sockets from one address.
pub const SOCKETS_PER_ADDRESS: usize = 200;

/// Where the server is, and the addresses to come from.
#[derive(Clone, Copy, Debug)]
pub struct Town {
    /// The server.
    pub server: SocketAddr,
    /// The first address to come from.
    pub first: Ipv4Addr,
}

/// Somebody with an account and a session.
#[derive(Clone, Debug)]
pub struct Somebody {
    /// Who.
    pub person: Person,
    /// The session's secret.
    pub token: String,
    /// How they reach the server.
    pub way: Way,
}

impl Town {
    /// The server on this machine's own network.
    #[must_use]
    pub fn here(server: SocketAddr) -> Self {
        Self { server, first: Ipv4Addr::new(127, 0, 1, 1) }
    }

    /// The way to the server for this socket among many.
    #[must_use]
    pub fn way(&self, socket: usize) -> Way {
        self.from(socket / SOCKETS_PER_ADDRESS)
    }

    fn from(&self, address: usize) -> Way {
        let offset = u32::try_from(address).unwrap_or(0);
        let from = Ipv4Addr::from(u32::from(self.first) + offset);
        Way { to: self.server, from, receive_bytes: None }
    }

    /// Makes so many accounts.
    pub async fn sign_up(&self, count: usize) -> anyhow::Result<Vec<Somebody>> {
        let mut people = Vec::with_capacity(count);
        for number in 0..count {
            people.push(self.sign_up_as(&format!("bench{number:04}"), number / NEIGHBOURS).await?);
        }
        Ok(people)
    }

    /// Makes an account of this name, from this of the addresses.
    pub async fn sign_up_as(&self, name: &str, address: usize) -> anyhow::Result<Somebody> {
        let way = self.from(address);
        let body = SignUpBody { username: name.to_owned(), password: PASSWORD.to_owned(), invitation: None };
        let signed_in: SignedIn = Desk::new(way).post("accounts", &body).await?.value()?;
        Ok(Somebody { person: signed_in.you, token: signed_in.token, way })
    }
}

impl Somebody {
    /// Another session of the same person: another device.
    pub async fn log_in(&self) -> anyhow::Result<Self> {
        let body = LogInBody { username: self.person.name.to_string(), password: PASSWORD.to_owned() };
        let signed_in: SignedIn = Desk::new(self.way).post("session", &body).await?.value()?;
        Ok(Self { token: signed_in.token, ..self.clone() })
    }

    /// Enters the public room of this name.
    pub async fn join(&self, name: &str) -> anyhow::Result<RoomId> {
        let room: Room = self.desk().post("rooms/join", &JoinRoomBody { name: name.to_owned() }).await?.value()?;
        Ok(room.id)
    }

    /// A connection for requests of theirs.
    #[must_use]
    pub fn desk(&self) -> Desk {
        Desk::of(self.way, &self.token)
    }
}
