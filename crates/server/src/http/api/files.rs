//! Files, for whoever may have them. The bytes are somebody's: nothing here lets a browser run them.

use std::{fmt::Write as _, ops::Range, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
        },
    },
    response::{IntoResponse, Response},
};
use model::{File, FileId, FileKind, Refusal};
use store::blobs::BlobHash;

use crate::{
    Failure, House,
    http::{Caller, path::Named},
    query,
};

/// Opened by itself, a file is in a place of its own, where it can do and load nothing.
pub(super) const POLICY: &str = "default-src 'none'; sandbox";
/// It may be kept by the person's own browser, which asks each time whether it still may be shown.
const CACHING: &str = "private, no-cache";

/// What is asked of a blob.
pub(super) struct Part {
    pub(super) hash: BlobHash,
    pub(super) size: u64,
    pub(super) media_type: String,
    pub(super) disposition: String,
}

/// `GET /api/v1/files/{id}`
pub(crate) async fn whole(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<FileId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (file, blobs) = query::file(&house, &caller.session, id).await?;
    let media_type = match file.kind {
        FileKind::Picture | FileKind::Audio | FileKind::Video => file.media_type.clone(),
        FileKind::Other => "application/octet-stream".to_owned(),
    };
    let disposition = disposition(&file);
    answer(&house, Part { hash: blobs.whole, size: file.size, media_type, disposition }, &headers).await
}

/// `GET /api/v1/files/{id}/preview`
pub(crate) async fn preview(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<FileId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (file, blobs) = query::file(&house, &caller.session, id).await?;
    if file.kind != FileKind::Picture {
        return Err(Refusal::NotFound.into());
    }
    let disposition = "inline".to_owned();
    // A small picture is its own preview.
    let Some((hash, media_type)) = blobs.preview else {
        let part = Part { hash: blobs.whole, size: file.size, media_type: file.media_type, disposition };
        return answer(&house, part, &headers).await;
    };
    let size = house.files()?.objects().size(&hash).await?.ok_or(Refusal::NotFound)?;
    answer(&house, Part { hash, size, media_type, disposition }, &headers).await
}

/// The bytes, or those in the one range that is asked for, or that they are unchanged.
pub(super) async fn answer(house: &House, part: Part, headers: &HeaderMap) -> Result<Response, Failure> {
    let etag = format!("\"{}\"", part.hash.as_str());
    let mut response = if text(headers, &IF_NONE_MATCH).split(',').any(|tag| tag.trim() == etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let if_range = text(headers, &IF_RANGE);
        let wanted = if if_range.is_empty() || if_range == etag { text(headers, &RANGE) } else { "" };
        let (status, range) = match range(wanted, part.size) {
            Wanted::All => (StatusCode::OK, 0..part.size),
            Wanted::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
            Wanted::Nothing => return Ok(nothing(part.size)),
        };
        let content = house.files()?.objects().open(&part.hash, range.clone()).await?.ok_or(Refusal::NotFound)?;
        let mut response = (status, Body::from_stream(content)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
        if status == StatusCode::PARTIAL_CONTENT {
            insert(headers, CONTENT_RANGE, &format!("bytes {}-{}/{}", range.start, range.end - 1, part.size));
        }
        response
    };
    let headers = response.headers_mut();
    insert(headers, CONTENT_TYPE, &part.media_type);
    insert(headers, CONTENT_DISPOSITION, &part.disposition);
    insert(headers, ETAG, &etag);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(CACHING));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

/// Whatever was found in a file is plain text, and so is every header here.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn nothing(size: u64) -> Response {
    (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, format!("bytes */{size}"))]).into_response()
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Some(Range<u64>),
    Nothing,
}

/// The range of a `Range` header (RFC 9110, 14.2). Several at once are not served one by one: the whole is sent.
fn range(header: &str, size: u64) -> Wanted {
    let Some(set) = header.strip_prefix("bytes=").filter(|set| !set.contains(',')) else { return Wanted::All };
    let Some((first, last)) = set.trim().split_once('-') else { return Wanted::All };
    let number = |text: &str| -> Option<u64> {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if last >= first => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(count)) if first.is_empty() => size.saturating_sub(count)..size,
        (_, _) => return Wanted::All,
    };
    if range.is_empty() { Wanted::Nothing } else { Wanted::Some(range) }
}

/// Only what the server made itself, or a player plays, is shown in its place (RFC 6266; the name by RFC 8187).
fn disposition(file: &File) -> String {
    let how = match file.kind {
        FileKind::Picture | FileKind::Audio | FileKind::Video => "inline",
        FileKind::Other => "attachment",
    };
    let name = file.name.as_str();
    let plain = name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' });
    let mut header = format!("{how}; filename=\"{}\"; filename*=UTF-8''", plain.collect::<String>());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            header.push(char::from(byte));
        } else {
            let _ = write!(header, "%{byte:02X}");
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use model::FileName;

    use super::*;

    #[test]
    fn one_range_is_served_and_no_more() {
        let some = |range: Range<u64>| Wanted::Some(range);
        let cases = [
            ("", Wanted::All),
            ("bytes=0-", some(0..100)),
            ("bytes=0-0", some(0..1)),
            ("bytes=10-19", some(10..20)),
            ("bytes=90-1000", some(90..100)),
            ("bytes=-10", some(90..100)),
            ("bytes=-1000", some(0..100)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=99999999999999999999-", Wanted::Nothing),
            ("bytes=0-1,2-3", Wanted::All),
            ("bytes=5-1", Wanted::All),
            ("bytes=a-b", Wanted::All),
            ("lines=1-2", Wanted::All),
        ];
        for (header, expected) in cases {
            assert_eq!(range(header, 100), expected, "{header}");
        }
    }

    #[test]
    fn a_name_stays_inside_its_header() {
        let file = |name: &str| File {
            id: FileId::new(1),
            name: FileName::kept(name.to_owned()),
            size: 1,
            kind: FileKind::Other,
            media_type: "text/html".into(),
            look: None,
        };
        assert_eq!(
            disposition(&file("отчёт; \"x\".pdf")),
            "attachment; filename=\"______ _x_.pdf\"; \
             filename*=UTF-8''%D0%BE%D1%82%D1%87%D1%91%D1%82%3B%20%22x%22.pdf"
        );
        let forged = disposition(&file("a\r\nSet-Cookie: x"));
        assert!(!forged.contains(['\r', '\n']), "{forged}");
    }
}
