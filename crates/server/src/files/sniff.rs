//! What a file is, by its first bytes. What its name and its sender say does not count, but for two things that harm nobody: the
//! word that stands beside a file that is only ever kept, and whether a container that may hold either is played as sound alone.

use model::{FileKind, limits::MEDIA_TYPE_BYTES_MAX};

/// First bytes that are looked at.
pub(crate) const LOOKED_AT_BYTES: usize = 8 * 1024;

/// What a file of bytes that nobody can say more about is.
const UNKNOWN: &str = "application/octet-stream";

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) kind: FileKind,
    pub(crate) media_type: String,
}

/// What a file is that begins like this.
pub(crate) fn sniff(beginning: &[u8], claimed: &str) -> Found {
    let found = infer::get(beginning).map(|known| known.mime_type());
    let sound = claimed.starts_with("audio/");
    let (kind, media_type) = match found {
        Some(picture @ ("image/jpeg" | "image/png" | "image/webp" | "image/gif")) => (FileKind::Picture, picture),
        Some(audio @ ("audio/mpeg" | "audio/ogg" | "audio/aac")) => (FileKind::Audio, audio),
        Some("audio/opus") => (FileKind::Audio, "audio/ogg"),
        Some("audio/m4a") => (FileKind::Audio, "audio/mp4"),
        Some("audio/x-flac") => (FileKind::Audio, "audio/flac"),
        Some("audio/x-wav") => (FileKind::Audio, "audio/wav"),
        // What a browser records is one of these, also when it is a voice alone.
        Some("video/webm") if sound => (FileKind::Audio, "audio/webm"),
        Some("video/mp4") if sound => (FileKind::Audio, "audio/mp4"),
        Some(video @ ("video/mp4" | "video/webm" | "video/quicktime")) => (FileKind::Video, video),
        Some("video/x-m4v") => (FileKind::Video, "video/mp4"),
        Some(other) => (FileKind::Other, other),
        None => (FileKind::Other, plain(claimed)),
    };
    Found { kind, media_type: media_type.to_owned() }
}

/// A media type that may stand beside a file: `type/subtype`, without parameters.
fn plain(claimed: &str) -> &str {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.' | b'_'))
    };
    let claimed = claimed.split(';').next().unwrap_or_default().trim();
    let sound = claimed.len() <= MEDIA_TYPE_BYTES_MAX
        && claimed.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub));
    if sound { claimed } else { UNKNOWN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(beginning: &[u8], claimed: &str, kind: FileKind, media_type: &str) {
        let expected = Found { kind, media_type: media_type.to_owned() };
        assert_eq!(sniff(beginning, claimed), expected, "{claimed}");
    }

    #[test]
    fn a_file_is_what_it_begins_like() {
        check(b"\x89PNG\r\n\x1a\n\0\0", "text/html", FileKind::Picture, "image/png");
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", "", FileKind::Picture, "image/jpeg");
        check(b"GIF89a/*<script>*/", "text/javascript", FileKind::Picture, "image/gif");
        check(b"ID3\x03", "", FileKind::Audio, "audio/mpeg");
        check(b"OggS\0\x02", "", FileKind::Audio, "audio/ogg");
        let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm".to_vec();
        webm.resize(300, 0);
        check(&webm, "video/webm", FileKind::Video, "video/webm");
        check(&webm, "audio/webm;codecs=opus", FileKind::Audio, "audio/webm");
        check(b"%PDF-1.7", "image/png", FileKind::Other, "application/pdf");
    }

    #[test]
    fn what_a_browser_could_run_is_only_ever_kept() {
        check(b"<svg xmlns='http://www.w3.org/2000/svg'><script>", "image/png", FileKind::Other, "image/png");
        assert_eq!(sniff(b"<!DOCTYPE html><script>", "image/png").kind, FileKind::Other);
        assert_eq!(sniff(b"alert(1)", "audio/mpeg").kind, FileKind::Other);
    }

    #[test]
    fn a_word_of_the_sender_is_short_and_plain() {
        check(b"a,b", "text/csv; charset=utf-8", FileKind::Other, "text/csv");
        for bad in ["", "text", "text/", "a/b\r\nx: y", "<b>/x", &format!("a/{}", "b".repeat(200))] {
            check(b"a,b", bad, FileKind::Other, "application/octet-stream");
        }
    }
}
