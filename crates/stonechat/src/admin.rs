//! Looking after accounts, at the server's own terminal.

use std::io::{self, Write as _};

use anyhow::{Context as _, anyhow};
use model::{Actor, CreateAdmin, Password, Username};
use server::{Failure, Passwords};

use crate::{config::Settings, serve::open};

/// Makes an administrator.
pub(crate) async fn create(settings: &Settings, username: Username, password: String) -> anyhow::Result<()> {
    let password = Password::parse_new(password, username.as_str())?;
    let password = Passwords::new().hash(password).await.map_err(|failure| anyhow!("{failure:?}"))?;
    let house = open(settings, None).await?;
    match house.execute(Actor::Operator, CreateAdmin { username, password }).await {
        Ok(person) => writeln!(io::stdout(), "{} administers {} now.", person.name, settings.storage.database)
            .context("nothing can be printed"),
        Err(Failure::Refused(refusal)) => Err(anyhow!("{refusal}")),
        Err(failure) => Err(anyhow!("{failure:?}")),
    }
}
