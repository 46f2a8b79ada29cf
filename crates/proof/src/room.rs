//! Twenty visitors in one room, who say a thousand things.

use std::{
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use protocol::instant::{Head, Id, PATH, PLAIN_PATH, SUBPROTOCOL, Sender};
use tungstenite::{Message, WebSocket, client::IntoClientRequest as _, http::HeaderValue};

use crate::{Kind, canary::Canary, search::escaped};

/// How many visitors there are.
const VISITORS: usize = 20;
/// How often each of them says something.
const ROUNDS: usize = 50;
/// How long a visitor waits to hear something.
const PATIENCE: Duration = Duration::from_mins(1);
/// Envelopes are filled up to a multiple of this.
const PADDED_BYTES: usize = 256;

/// What an envelope is made of.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The room's secret.
    pub secret: &'a [u8; 32],
    /// The room's id.
    pub id: Id,
    /// The head, from which the nonce comes.
    pub head: Head,
    /// What is said.
    pub words: &'a [u8],
}

/// Makes ciphertext and tag.
pub type Seal = fn(&Envelope<'_>) -> anyhow::Result<Vec<u8>>;

/// A room with its visitors.
pub(crate) struct Room<'a> {
    visitors: Vec<WebSocket<TcpStream>>,
    canary: &'a Canary,
    manner: Manner,
}

/// How the visitors speak.
#[derive(Clone, Copy)]
enum Manner {
    Sealed { seal: Seal, secret: [u8; 32], id: Id },
    Plain,
}

impl<'a> Room<'a> {
    /// Everybody comes in. Every encrypted room has a secret of its own.
    pub(crate) fn open(server: SocketAddr, canary: &'a Canary, kind: Kind) -> anyhow::Result<Self> {
        let manner = match kind {
            Kind::Encrypted(seal) => {
                let [mut secret, mut id] = [[0; 32], [0; 32]];
                getrandom::fill(&mut secret)?;
                getrandom::fill(&mut id)?;
                let (id, _) = id.split_first_chunk().context("an id is short")?;
                Manner::Sealed { seal, secret, id: Id::new(*id) }
            }
            Kind::Plain => Manner::Plain,
        };
        let mut room = Self { visitors: Vec::new(), canary, manner };
        for _ in 0..VISITORS {
            let visitor = room.enter(server).context("a visitor cannot come in")?;
            room.visitors.push(visitor);
        }
        Ok(room)
    }

    fn enter(&self, server: SocketAddr) -> anyhow::Result<WebSocket<TcpStream>> {
        let path = match self.manner {
            Manner::Sealed { .. } => PATH,
            Manner::Plain => PLAIN_PATH,
        };
        let mut request = format!("ws://{server}{path}{}", self.name_in_address()).into_client_request()?;
        if let Manner::Sealed { .. } = self.manner {
            request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        }
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(tungstenite::client(request, stream)?.0)
    }

    /// What stands behind the door's path.
    pub(crate) fn name_in_address(&self) -> String {
        match self.manner {
            Manner::Sealed { id, .. } => id.text(),
            Manner::Plain => escaped(self.canary.room(), "%20"),
        }
    }

    /// Everybody speaks in turn, and everybody hears it.
    pub(crate) fn talk(mut self) -> anyhow::Result<Self> {
        for round in 1..=ROUNDS {
            for speaker in 0..self.visitors.len() {
                let message = self.message(speaker, round)?;
                let visitor = self.visitors.get_mut(speaker).context("a visitor is missing")?;
                visitor.send(message).context("a visitor cannot speak")?;
            }
            let own = match self.manner {
                Manner::Sealed { .. } => 0,
                Manner::Plain => 1,
            };
            let heard = VISITORS - 1 + own;
            for visitor in &mut self.visitors {
                for _ in 0..heard {
                    hear(visitor, self.manner, self.canary).context("a visitor does not hear what was said")?;
                }
            }
        }
        Ok(self)
    }

    fn message(&self, speaker: usize, round: usize) -> anyhow::Result<Message> {
        let (text, nick) = (self.canary.text(), self.canary.nick());
        let words = format!(r#"{{"message":"{text}, {round}","sender":"{nick}","userid":"{speaker}"}}"#);
        let Manner::Sealed { seal, secret, id } = self.manner else { return Ok(Message::text(words)) };
        let sender = Sender::new((speaker as u64 + 1).to_be_bytes());
        let head = Head { sender, counter: u32::try_from(round)? };
        let mut words = words.into_bytes();
        words.resize(words.len().next_multiple_of(PADDED_BYTES), b' ');
        let sealed = seal(&Envelope { secret: &secret, id, head, words: &words })?;
        Ok(Message::binary([head.bytes().as_slice(), &sealed].concat()))
    }

    /// Everybody leaves, without a word: a page that is closed says none.
    pub(crate) fn close(self) {
        drop(self.visitors);
    }
}

/// The next thing that somebody said; what the server says itself is passed over.
fn hear(visitor: &mut WebSocket<TcpStream>, manner: Manner, canary: &Canary) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        // The server's pings come however little is said.
        ensure!(began.elapsed() < PATIENCE, "nothing came");
        match (manner, visitor.read()?) {
            (Manner::Sealed { .. }, Message::Binary(envelope)) => {
                ensure!(Head::read(&envelope).is_some(), "what came is no envelope");
                return Ok(());
            }
            (Manner::Plain, Message::Text(text)) => {
                ensure!(text.contains(canary.text()), "what came is not what was said");
                return Ok(());
            }
            (_, Message::Close(_)) => anyhow::bail!("the server closed"),
            _ => {}
        }
    }
}
