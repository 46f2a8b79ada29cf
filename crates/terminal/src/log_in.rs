//! Asking for name and password, before the screen is taken.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use client::driver::{Server, Token, Trouble};
use protocol::Code;
use ratatui::crossterm::{
    event::{self, Event, KeyCode, KeyEventKind, KeyModifiers},
    terminal::{disable_raw_mode, enable_raw_mode},
};

/// How often a wrong password may be tried.
const TRIES_MAX: usize = 3;

/// Without a terminal there is nobody to talk to.
pub(crate) fn need_a_terminal() -> anyhow::Result<()> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return Ok(());
    }
    bail!("`stonechat chat` needs a terminal. A program without one talks by the API: PROTOCOL.md.")
}

/// Asks until name and password are right, three times at most.
pub(crate) async fn log_in(server: &Server) -> anyhow::Result<Token> {
    if server.is_open_to_others() {
        say(&format!(
            "What goes to {} and back can be read on the way, your password too: it is not https.\n",
            server.base()
        ))?;
    }
    say(&format!("Log in to {}\n", server.base()))?;
    for tries_left in (0..TRIES_MAX).rev() {
        let (name, password) = tokio::task::spawn_blocking(ask).await.context("The terminal cannot be asked.")??;
        match server.log_in(&name, &password).await {
            Ok(token) => return Ok(token),
            Err(Trouble::Refused { code: Code::WrongCredentials, message }) if tries_left > 0 => {
                say(&format!("{message}\n"))?;
            }
            Err(trouble) => return Err(trouble.into()),
        }
    }
    bail!("The username or the password is wrong.")
}

fn ask() -> anyhow::Result<(String, String)> {
    say("Name: ")?;
    let mut name = String::new();
    if io::stdin().read_line(&mut name)? == 0 {
        bail!("Nobody logged in.");
    }
    // Nothing is echoed from before the question on: somebody may type faster than they are asked.
    enable_raw_mode().context("The terminal cannot be asked for a password.")?;
    let password = say("Password: ").map_err(anyhow::Error::from).and_then(|()| read_password());
    disable_raw_mode()?;
    say("\n")?;
    Ok((name.trim().to_owned(), password?))
}

/// Reads what is typed up to Enter, from a terminal that echoes nothing.
#[expect(clippy::wildcard_enum_match_arm, reason = "which keys there are is not ours to say")]
fn read_password() -> anyhow::Result<String> {
    let mut password = String::new();
    loop {
        let Event::Key(key) = event::read()? else { continue };
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Enter => return Ok(password),
            KeyCode::Char('j') if ctrl => return Ok(password),
            KeyCode::Char('c' | 'd') if ctrl => bail!("Nobody logged in."),
            KeyCode::Char('u') if ctrl => password.clear(),
            KeyCode::Char(c) if !ctrl => password.push(c),
            KeyCode::Backspace => drop(password.pop()),
            _ => {}
        }
    }
}

fn say(words: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(words.as_bytes())?;
    out.flush()
}
