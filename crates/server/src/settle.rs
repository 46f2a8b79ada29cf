//! Coming in: what signing up, logging in and setting up need before their command, whichever door they come through.

use std::net::IpAddr;

use model::{Actor, JoinRoom, OpenSession, Password, Refusal, RoomName, Session, SetUp, SignUp, Username};
use store::{Fault, rooms, users};

use crate::{Failure, House, Secret};

/// The public room that a new person finds themselves in, if it exists.
const FIRST_ROOM: &str = "general";

/// What a person who wants an account says.
pub(crate) struct NewAccount {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) invitation: Option<String>,
}

/// Makes an account, signs it in and takes it to the first room. Gives the session and its secret.
pub(crate) async fn sign_up(house: &House, address: IpAddr, account: NewAccount) -> Result<(Session, Secret), Failure> {
    house.paces.sign_up(address)?;
    let username = Username::parse(&account.username).map_err(Refusal::from)?;
    let password = Password::parse_new(account.password, username.as_str()).map_err(Refusal::from)?;
    let invitation = account.invitation.filter(|code| !code.is_empty()).map(|code| Secret::shown(&code).hash());
    // Asked again inside the transaction; asked here so that nobody waits for a hash in vain.
    model::rules::may_sign_up(house.settings.sign_up, invitation.map(|_| true))?;
    let password = house.passwords.hash(password).await?;
    let secret = Secret::draw()?;
    let command = SignUp { username, password, invitation, session: secret.hash() };
    let session = house.execute(Actor::Stranger, command).await?;
    welcome(house, &session).await;
    Ok((session, secret))
}

/// Makes the first administrator. Gives the session's secret.
pub(crate) async fn set_up(
    house: &House,
    address: IpAddr,
    token: &Secret,
    account: NewAccount,
) -> Result<Secret, Failure> {
    house.paces.sign_up(address)?;
    let username = Username::parse(&account.username).map_err(Refusal::from)?;
    let password = Password::parse_new(account.password, username.as_str()).map_err(Refusal::from)?;
    let password = house.passwords.hash(password).await?;
    let secret = Secret::draw()?;
    let command = SetUp { token: token.hash(), username, password, session: secret.hash() };
    let session = house.execute(Actor::Stranger, command).await?;
    welcome(house, &session).await;
    Ok(secret)
}

/// Signs in with a password. Gives the session's secret. Whether the name or the password was wrong is not said, nor shown by
/// the time it takes.
pub(crate) async fn log_in(
    house: &House,
    address: IpAddr,
    username: &str,
    password: String,
) -> Result<Secret, Failure> {
    let username = Username::parse(username).ok();
    let name = username.as_ref().map(Username::key).unwrap_or_default();
    house.paces.log_in(address, &name)?;
    let password = Password::parse_known(password).map_err(Refusal::from)?;
    let known = match username {
        Some(username) => {
            let read = house.store.read::<_, Fault, _>(move |conn| {
                Box::pin(async move { users::find_credentials(conn, &username).await })
            });
            read.await?
        }
        None => None,
    };
    let (user, hash) = known.unzip();
    let right = house.passwords.verify(password, hash).await?;
    let user = user.filter(|_| right).ok_or(Refusal::WrongCredentials)?;
    let secret = Secret::draw()?;
    house.execute(Actor::Stranger, OpenSession { user, token: secret.hash() }).await?;
    Ok(secret)
}

/// Takes a new person to the first room, so that the first message is seconds away. The account stands even if this fails:
/// then they find their own way.
async fn welcome(house: &House, session: &Session) {
    let name = RoomName::kept(FIRST_ROOM.to_owned());
    let read =
        house.store.read::<_, Fault, _>(move |conn| Box::pin(async move { rooms::find_by_name(conn, &name).await }));
    let welcomed = match read.await {
        Ok(Some(room)) => house.execute(Actor::SignedIn(session.clone()), JoinRoom { room: room.id }).await.map(drop),
        Ok(None) => Ok(()),
        Err(fault) => Err(Failure::from(fault)),
    };
    if let Err(failure) = welcomed {
        failure.tell("welcome");
    }
}
