//! Uploads, for programs: announced, sent in pieces, given up.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{AnnounceFile, ClientKey, DropFile, FileId, FileName, Refusal};
use protocol::{
    Code,
    http::{Upload, UploadBody},
};

use super::json;
use crate::{
    Failure, House,
    files::{self, Progress},
    http::{Caller, UPLOAD_OFFSET, body::Json, path::Named},
    random,
};

/// `POST /api/v1/uploads`
pub(crate) async fn announce(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<UploadBody>,
) -> Result<Response, Failure> {
    let key = ClientKey::parse(&body.key).map_err(Refusal::from)?;
    let files = house.files()?;
    if body.size > files.max_bytes() {
        return Err(Refusal::FileTooLarge { max_bytes: files.max_bytes() }.into());
    }
    house.paces.upload(caller.session.person.id)?;
    let command = AnnounceFile {
        id: random::file_id()?,
        room: body.room,
        key,
        name: FileName::clean(&body.name),
        size: body.size,
        claimed_type: body.media_type.chars().take(model::limits::MEDIA_TYPE_BYTES_MAX + 1).collect(),
        quota_bytes: files.quota_bytes(),
    };
    let id = house.execute(caller.actor(), command).await?.announced.id;
    let progress = files::progress(&house, files, &caller.session, id).await?;
    Ok((StatusCode::CREATED, told(id, progress)).into_response())
}

/// `GET /api/v1/uploads/{id}`, and `HEAD`
pub(crate) async fn progress(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<FileId>,
) -> Result<Response, Failure> {
    let progress = files::progress(&house, house.files()?, &caller.session, id).await?;
    Ok(told(id, progress))
}

/// `PATCH /api/v1/uploads/{id}`
pub(crate) async fn add(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<FileId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !text(header::CONTENT_TYPE).eq_ignore_ascii_case("application/octet-stream") {
        return Err(Failure::Door(Code::UnsupportedMediaType));
    }
    let offset = text(UPLOAD_OFFSET).parse().map_err(|_| Failure::malformed("Upload-Offset is not a number"))?;
    let files = house.files()?.clone();
    let received = files::receive(Arc::clone(&house), files, &caller.session, (id, offset), body).await?;
    Ok(match received {
        Progress::Offset(offset) => (StatusCode::NO_CONTENT, [(UPLOAD_OFFSET, offset.to_string())]).into_response(),
        Progress::Finished(file, _) => json(&file),
    })
}

/// `DELETE /api/v1/uploads/{id}`
pub(crate) async fn give_up(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<FileId>,
) -> Result<StatusCode, Failure> {
    let files = house.files()?;
    house.execute(caller.actor(), DropFile { id }).await?;
    files.unspool(id);
    files.sweep_soon();
    Ok(StatusCode::NO_CONTENT)
}

fn told(id: FileId, progress: Progress) -> Response {
    match progress {
        Progress::Offset(offset) => {
            let body = json(&Upload { id, offset, file: None });
            ([(UPLOAD_OFFSET, offset.to_string())], body).into_response()
        }
        Progress::Finished(file, sent) => json(&Upload { id, offset: sent, file: Some(file) }),
    }
}
