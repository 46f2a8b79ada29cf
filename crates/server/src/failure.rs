//! The one file that turns an error into an answer.
//!
//! A refusal is the asker's and is not logged. A fault is ours: it is logged once, here, with the request's id, and the asker
//! learns nothing but that id.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use model::Refusal;
use protocol::{Code, Malformed, Refused, encode, http::Problem};
use store::Fault;

use crate::{
    House,
    http::{RequestId, UPLOAD_OFFSET, pages},
};

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum Failure {
    /// The rules say no.
    Refused(Refusal),
    /// It could not be read.
    Malformed(Malformed),
    /// The door says no, before anything was read.
    Door(Code),
    /// Our own mistake.
    Fault(Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    /// A mistake of ours that no error tells of.
    pub(crate) fn broken(what: &'static str) -> Self {
        Self::Fault(what.into())
    }

    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(Malformed { what: what.into() })
    }

    /// What the asker is told. A fault is logged here, under `request_id`.
    pub(crate) fn tell(&self, request_id: &str) -> Refused {
        match self {
            Self::Refused(refusal) => Refused::from(*refusal),
            Self::Malformed(malformed) => Refused::new(Code::Malformed, malformed.to_string()),
            Self::Door(code) => Refused::new(*code, sentence(*code)),
            Self::Fault(fault) => {
                tracing::error!(request.id = request_id, %fault, "a request met a fault");
                Refused::new(Code::Fault, sentence(Code::Fault))
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        if fault.is_passing() { Refusal::Busy.into() } else { Self::Fault(Box::new(fault)) }
    }
}

impl From<getrandom::Error> for Failure {
    fn from(error: getrandom::Error) -> Self {
        Self::Fault(Box::new(error))
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::Fault(Box::new(error))
    }
}

/// The failure travels beside an empty response until [`turn`] gives it a body.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Middleware: gives every failure the body that its asker reads: JSON under `/api` and `/ws`, a page elsewhere.
pub(crate) async fn turn(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions_mut().remove::<Arc<Failure>>() else { return response };
    let refused = failure.tell(&request_id);
    let code = refused.code;
    let said = refused.clone();
    let offset = if let Failure::Refused(Refusal::OffsetWrong { offset }) = *failure { Some(offset) } else { None };
    let mut answer = if ["/api/", "/ws/"].iter().any(|programs| uri.path().starts_with(programs)) {
        let body = encode(&Problem { error: refused, request_id });
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    } else if code == Code::NotSignedIn {
        return Redirect::to(&format!("/login?next={}", uri.path())).into_response();
    } else {
        pages::problem(&house, title(code), refused.message, request_id)
    };
    mark(&mut answer, &said);
    // Which methods there are (RFC 9110, 15.5.6), the router knows.
    answer.headers_mut().extend(response.headers_mut().remove(header::ALLOW).map(|allow| (header::ALLOW, allow)));
    if let Some(offset) = offset {
        answer.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(offset));
    }
    answer
}

/// Gives an answer the status of a refusal, and says when to come back.
pub(crate) fn mark(answer: &mut Response, refused: &Refused) {
    *answer.status_mut() = status(refused.code);
    let passes = matches!(refused.code, Code::Busy | Code::StorageAway);
    if let Some(ms) = refused.retry_after_ms.or(passes.then_some(1_000)) {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1_000)));
    }
}

/// The HTTP status of a code.
const fn status(code: Code) -> StatusCode {
    match code {
        Code::NotSignedIn | Code::WrongCredentials => StatusCode::UNAUTHORIZED,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::NotAllowed
        | Code::NotAMember
        | Code::OutOfScope
        | Code::SignUpClosed
        | Code::InvitationNeeded
        | Code::InvitationInvalid
        | Code::FilesClosed
        | Code::ForeignOrigin => StatusCode::FORBIDDEN,
        Code::UsernameTaken
        | Code::RoomNameTaken
        | Code::EmojiExists
        | Code::TooManyEmoji
        | Code::KeyReused
        | Code::EditedMeanwhile
        | Code::TooManyEdits
        | Code::TooManyReactions
        | Code::TooManyPins
        | Code::Blocked
        | Code::TooManyRegarded
        | Code::TooManyScheduled
        | Code::TooManyBots
        | Code::BotsOnly
        | Code::TooManySaved
        | Code::TooManyRooms
        | Code::TooManyPeople
        | Code::QuotaFull
        | Code::TooManyUploads
        | Code::OffsetWrong
        | Code::FileNotReady => StatusCode::CONFLICT,
        Code::UsernameInvalid
        | Code::ProfileInvalid
        | Code::PasswordInvalid
        | Code::RoomNameInvalid
        | Code::TopicInvalid
        | Code::MomentInvalid
        | Code::BodyBlank
        | Code::BodyTooLong
        | Code::BodyInvalid
        | Code::KeyInvalid
        | Code::EmojiInvalid
        | Code::EmojiNameInvalid
        | Code::TooManyFiles
        | Code::SizeWrong
        | Code::PictureRefused
        | Code::SearchTooLong
        | Code::HookInvalid
        | Code::PushInvalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooFast => StatusCode::TOO_MANY_REQUESTS,
        Code::Busy | Code::InstantClosed | Code::StorageAway | Code::SearchTooBroad => StatusCode::SERVICE_UNAVAILABLE,
        Code::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::Malformed => StatusCode::BAD_REQUEST,
        Code::TooLarge | Code::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::TimedOut => StatusCode::REQUEST_TIMEOUT,
        Code::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The words of a code that no refusal has words for.
const fn sentence(code: Code) -> &'static str {
    match code {
        Code::NotFound => "There is nothing here, or it is not for you.",
        Code::NotSignedIn => "Please log in.",
        Code::ForeignOrigin => {
            "This request comes from another site's page. If you run this server behind a proxy, set its public address."
        }
        Code::MethodNotAllowed => "This address does not take this method.",
        Code::UnsupportedMediaType => "Send JSON, and say so: Content-Type: application/json.",
        Code::TooLarge => "That is more than this server takes at once.",
        Code::InstantClosed => {
            "Instant rooms are closed: this machine may write its memory to disk. Its administrator can switch swap off, or allow it."
        }
        Code::TimedOut => "That took too long. Try again.",
        Code::Busy => "The server is busy. Try again in a moment.",
        Code::WrongCredentials
        | Code::NotAllowed
        | Code::NotAMember
        | Code::SignUpClosed
        | Code::InvitationNeeded
        | Code::InvitationInvalid
        | Code::UsernameTaken
        | Code::UsernameInvalid
        | Code::ProfileInvalid
        | Code::PasswordInvalid
        | Code::RoomNameInvalid
        | Code::TopicInvalid
        | Code::MomentInvalid
        | Code::RoomNameTaken
        | Code::TooManyRooms
        | Code::TooManyPeople
        | Code::BodyBlank
        | Code::BodyTooLong
        | Code::BodyInvalid
        | Code::KeyInvalid
        | Code::KeyReused
        | Code::EditedMeanwhile
        | Code::TooManyEdits
        | Code::EmojiInvalid
        | Code::EmojiNameInvalid
        | Code::EmojiExists
        | Code::TooManyEmoji
        | Code::TooManyReactions
        | Code::TooManyPins
        | Code::Blocked
        | Code::TooManyRegarded
        | Code::TooManyScheduled
        | Code::OutOfScope
        | Code::TooManyBots
        | Code::HookInvalid
        | Code::BotsOnly
        | Code::TooManySaved
        | Code::TooFast
        | Code::Malformed
        | Code::FilesClosed
        | Code::FileTooLarge
        | Code::QuotaFull
        | Code::TooManyFiles
        | Code::TooManyUploads
        | Code::OffsetWrong
        | Code::SizeWrong
        | Code::PictureRefused
        | Code::FileNotReady
        | Code::StorageFull
        | Code::StorageAway
        | Code::SearchTooLong
        | Code::SearchTooBroad
        | Code::PushInvalid
        | Code::Fault => "The server made a mistake. It is written down; try again in a moment.",
    }
}

/// What stands above the words on a page.
const fn title(code: Code) -> &'static str {
    match status(code) {
        StatusCode::NOT_FOUND => "Not here",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "One moment",
        StatusCode::INTERNAL_SERVER_ERROR => "Our mistake",
        _ => "That did not work",
    }
}
