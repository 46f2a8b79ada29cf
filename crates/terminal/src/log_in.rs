//! Asking for name and password, before the screen is taken.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use client::driver::{Server, Token, Trouble};
use protocol::Code;

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
        let name = tokio::task::spawn_blocking(ask_name).await.context("The terminal cannot be asked.")??;
        let password = tokio::task::spawn_blocking(|| rpassword::prompt_password("Password: ")).await;
        let password = password.context("The terminal cannot be asked.")?.context("The terminal cannot be asked.")?;
        match server.log_in(name.trim(), &password).await {
            Ok(token) => return Ok(token),
            Err(Trouble::Refused { code: Code::WrongCredentials, message }) if tries_left > 0 => {
                say(&format!("{message}\n"))?;
            }
            Err(trouble) => return Err(trouble.into()),
        }
    }
    bail!("The username or the password is wrong.")
}

fn ask_name() -> anyhow::Result<String> {
    say("Name: ")?;
    let mut name = String::new();
    if io::stdin().read_line(&mut name)? == 0 {
        bail!("Nobody logged in.");
    }
    Ok(name)
}

fn say(words: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(words.as_bytes())?;
    out.flush()
}
