//! One file to embed: named by its content, written with its compressed forms beside it.

use std::{fmt::Write as _, fs, io::Write as _, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Enough of a SHA-256 that two builds of one file never share a name.
const HASH_BYTES: usize = 6;

pub(crate) struct Asset {
    stem: String,
    extension: &'static str,
    hash: String,
    body: Vec<u8>,
    /// It has one address, whatever is in it.
    fixed: bool,
}

impl Asset {
    pub(crate) fn new(stem: &str, extension: &'static str, body: Vec<u8>) -> Self {
        let hash = Sha256::digest(&body).iter().take(HASH_BYTES).fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        Self { stem: stem.to_owned(), extension, hash, body, fixed: false }
    }

    /// A file that is looked for under one name for ever.
    pub(crate) fn fixed(stem: &str, extension: &'static str, body: Vec<u8>) -> Self {
        Self { fixed: true, ..Self::new(stem, extension, body) }
    }

    pub(crate) fn name(&self) -> String {
        format!("{}-{}.{}", self.stem, self.hash, self.extension)
    }

    pub(crate) fn path(&self) -> String {
        if self.fixed { format!("/{}.{}", self.stem, self.extension) } else { format!("/assets/{}", self.name()) }
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self.extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "txt" => "text/plain; charset=utf-8",
            "wasm" => "application/wasm",
            _ => "application/octet-stream",
        }
    }

    pub(crate) fn write(&self, out: &Path, compress: bool) -> Result<()> {
        let file = out.join(self.name());
        fs::write(&file, &self.body).with_context(|| file.display().to_string())?;
        if compress {
            self.keep(&out.join(self.name() + ".br"), brotli)?;
            self.keep(&out.join(self.name() + ".gz"), gzip)?;
        }
        Ok(())
    }

    /// Compresses into a file, unless it is there: its name says the content.
    fn keep(&self, file: &Path, compress: fn(&[u8]) -> Result<Vec<u8>>) -> Result<()> {
        if !file.exists() {
            fs::write(file, compress(&self.body)?).with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}

fn brotli(body: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: body.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*body, &mut small, &params)?;
    Ok(small)
}

fn gzip(body: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body)?;
    Ok(encoder.finish()?)
}
