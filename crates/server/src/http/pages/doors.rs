//! Landing, sign-up, log-in, set-up and log-out: forms that work without script.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use model::{CloseSession, Refusal};
use protocol::{Code, Refused};
use serde::Deserialize;

use super::instant::{self, PlainRoom};
use super::templates::{Landing, LogIn, Page, SetUp, SignUp};
use crate::{
    Failure, House, Secret, failure,
    http::{
        Address, Caller,
        body::{Form, Parameters},
        cookie,
        path::Named,
    },
    settle::{self, NewAccount},
};

/// The form of a new account.
#[derive(Deserialize)]
pub(crate) struct AccountForm {
    username: String,
    password: String,
    password_again: String,
    #[serde(default)]
    invitation: Option<String>,
}

/// The form of a log-in.
#[derive(Deserialize)]
pub(crate) struct LogInForm {
    username: String,
    password: String,
    #[serde(default)]
    next: Option<String>,
}

/// Where to go after logging in.
#[derive(Deserialize)]
pub(crate) struct Next {
    next: Option<String>,
}

/// `GET /`: also the way into a plain instant room, by its name and a nickname.
pub(crate) async fn landing(
    State(house): State<Arc<House>>,
    caller: Option<Caller>,
    Parameters(plain): Parameters<PlainRoom>,
) -> Result<Response, Failure> {
    if let Some(path) = plain.path() {
        return Ok(Redirect::to(&path).into_response());
    }
    if caller.is_some() {
        return Ok(Redirect::to("/rooms/").into_response());
    }
    let page = Landing {
        page: Page::of(&house),
        sign_up_open: house.sign_up_is_open(),
        instant: instant::door(&house),
        suggested: instant::SUGGESTED,
    };
    Ok(Html(page.render()?).into_response())
}

/// `GET /signup`
pub(crate) async fn show_sign_up(State(house): State<Arc<House>>) -> Result<Response, Failure> {
    model::rules::may_sign_up(house.settings.sign_up, None)?;
    sign_up_page(&house, String::new(), None, None)
}

/// `GET /invite/{code}`: the same page, with the invitation in it. Whether the code is good is told only to whoever uses it.
pub(crate) async fn show_invite(
    State(house): State<Arc<House>>,
    Named(code): Named<String>,
) -> Result<Response, Failure> {
    sign_up_page(&house, String::new(), None, Some(code))
}

/// `POST /signup`
pub(crate) async fn sign_up(
    State(house): State<Arc<House>>,
    address: Address,
    Form(form): Form<AccountForm>,
) -> Result<Response, Failure> {
    let invitation = form.invitation.clone().filter(|code| !code.is_empty());
    let username = form.username.clone();
    let settled = match account(form) {
        Ok(account) => settle::sign_up(&house, address.0, account).await.map(|(_, secret)| secret),
        Err(refused) => return sign_up_page(&house, username, Some(refused), invitation),
    };
    match settled {
        Ok(secret) => Ok(come_in(&house, &secret, None)),
        Err(Failure::Refused(refusal)) => sign_up_page(&house, username, Some(Refused::from(refusal)), invitation),
        Err(failure) => Err(failure),
    }
}

/// `GET /login`
pub(crate) async fn show_log_in(
    State(house): State<Arc<House>>,
    Parameters(Next { next }): Parameters<Next>,
) -> Result<Response, Failure> {
    log_in_page(&house, String::new(), None, next)
}

/// `POST /login`
pub(crate) async fn log_in(
    State(house): State<Arc<House>>,
    address: Address,
    Form(form): Form<LogInForm>,
) -> Result<Response, Failure> {
    match settle::log_in(&house, address.0, &form.username, form.password).await {
        Ok(secret) => Ok(come_in(&house, &secret, form.next.as_deref())),
        Err(Failure::Refused(refusal)) => log_in_page(&house, form.username, Some(Refused::from(refusal)), form.next),
        Err(failure) => Err(failure),
    }
}

/// `POST /logout`: also for a session that has ended, so that nobody is stuck with its cookie.
pub(crate) async fn log_out(State(house): State<Arc<House>>, caller: Option<Caller>) -> Result<Response, Failure> {
    if let Some(caller) = caller {
        house.execute(caller.actor(), CloseSession).await?;
    }
    let mut response = Redirect::to("/login").into_response();
    if let Some(value) = cookie::forget(house.settings.public.as_ref()) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(response)
}

/// `GET /setup/{token}`
pub(crate) async fn show_set_up(
    State(house): State<Arc<House>>,
    address: Address,
    Named(token): Named<String>,
) -> Result<Response, Failure> {
    house.paces.sign_up(address.0)?;
    let (hash, now) = (Secret::shown(&token).hash(), (house.clock)());
    let read = house
        .store
        .read(move |conn| Box::pin(async move { Ok::<_, Failure>(store::identity::is_setup(conn, hash, now).await?) }));
    if read.await? { set_up_page(&house, token, String::new(), None) } else { Err(Refusal::NotFound.into()) }
}

/// `POST /setup/{token}`
pub(crate) async fn set_up(
    State(house): State<Arc<House>>,
    address: Address,
    Named(token): Named<String>,
    Form(form): Form<AccountForm>,
) -> Result<Response, Failure> {
    let username = form.username.clone();
    let settled = match account(form) {
        Ok(account) => settle::set_up(&house, address.0, &Secret::shown(&token), account).await,
        Err(refused) => return set_up_page(&house, token, username, Some(refused)),
    };
    match settled {
        Ok(secret) => Ok(come_in(&house, &secret, None)),
        Err(failure @ Failure::Refused(Refusal::NotFound)) => Err(failure),
        Err(Failure::Refused(refusal)) => set_up_page(&house, token, username, Some(Refused::from(refusal))),
        Err(failure) => Err(failure),
    }
}

/// The account that a form asks for, or what to say about it.
fn account(form: AccountForm) -> Result<NewAccount, Refused> {
    if form.password != form.password_again {
        return Err(Refused::new(Code::PasswordInvalid, "The two passwords are not the same."));
    }
    Ok(NewAccount { username: form.username, password: form.password, invitation: form.invitation })
}

/// Hands out the cookie and goes on to the rooms.
fn come_in(house: &House, secret: &Secret, next: Option<&str>) -> Response {
    let mut response = Redirect::to(next.filter(|next| is_own_path(next)).unwrap_or("/rooms/")).into_response();
    if let Some(value) = cookie::keep(secret, house.settings.public.as_ref()) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// A path of the rooms, and nothing that a browser could read as another host.
fn is_own_path(next: &str) -> bool {
    ["/rooms/", "/plain/"].iter().any(|own| next.starts_with(own))
        && next.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'))
}

fn sign_up_page(
    house: &House,
    username: String,
    refused: Option<Refused>,
    invitation: Option<String>,
) -> Result<Response, Failure> {
    let error = words(refused.as_ref());
    let page = SignUp { page: Page::of(house), username, error, invitation };
    Ok(form_page(refused, page.render()?))
}

fn log_in_page(
    house: &House,
    username: String,
    refused: Option<Refused>,
    next: Option<String>,
) -> Result<Response, Failure> {
    let next = next.filter(|next| is_own_path(next));
    let error = words(refused.as_ref());
    let page = LogIn { page: Page::of(house), username, error, next, sign_up_open: house.sign_up_is_open() };
    Ok(form_page(refused, page.render()?))
}

fn set_up_page(house: &House, token: String, username: String, refused: Option<Refused>) -> Result<Response, Failure> {
    let error = words(refused.as_ref());
    let page = SetUp { page: Page::of(house), token, username, error };
    Ok(form_page(refused, page.render()?))
}

fn words(refused: Option<&Refused>) -> Option<String> {
    refused.map(|refused| refused.message.clone())
}

/// A page with a form, which says what was wrong with the last try.
fn form_page(refused: Option<Refused>, page: String) -> Response {
    let mut response = Html(page).into_response();
    if let Some(refused) = refused {
        failure::mark(&mut response, &refused);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_in_the_house() {
        for good in ["/rooms/", "/rooms/5", "/rooms/5/messages/7"] {
            assert!(is_own_path(good), "{good}");
        }
        for bad in
            ["", "/", "//evil.example", "/rooms/../\\evil", "https://evil.example/rooms/", "/rooms/\r\nSet-Cookie:x"]
        {
            assert!(!is_own_path(bad), "{bad}");
        }
    }
}
