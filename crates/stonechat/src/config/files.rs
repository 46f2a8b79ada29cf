//! Files and pictures.

use std::{
    env, fmt,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use server::{BlobTrouble, FileSettings, S3Settings};
use store::DatabaseUrl;

use super::switch;

/// Files and pictures.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Files {
    /// Whether people may send files and pictures.
    #[arg(id = "files.enabled", long = "files-enabled", value_name = "BOOL", default_value = "true", value_parser = switch)]
    #[arg(action = clap::ArgAction::Set)]
    pub(crate) enabled: bool,

    /// The folder of files, one for each server. What is not finished is there, and what is, unless a bucket is named.
    ///
    /// Unless said: `files` beside the database's file, or `data/files` with PostgreSQL.
    #[arg(id = "files.folder", long = "files-folder", value_name = "PATH")]
    pub(crate) folder: Option<PathBuf>,

    /// The largest file that is taken, in MB (of 1,048,576 bytes).
    #[arg(id = "files.max_mb", long = "files-max-mb", value_name = "NUMBER", default_value = "25", value_parser = megabytes)]
    pub(crate) max_mb: u32,

    /// How much all files of one person may have together, in MB.
    #[arg(id = "files.quota_mb", long = "files-quota-mb", value_name = "NUMBER", default_value = "1024", value_parser = megabytes)]
    pub(crate) quota_mb: u32,

    /// The address of a store that speaks S3, for files that several servers share. With it goes a bucket.
    #[arg(id = "files.s3_endpoint", long = "files-s3-endpoint", value_name = "https://s3.example.org", value_parser = endpoint)]
    pub(crate) s3_endpoint: Option<String>,

    /// The bucket there. It is Stonechat's alone.
    #[arg(id = "files.s3_bucket", long = "files-s3-bucket", value_name = "NAME")]
    pub(crate) s3_bucket: Option<String>,

    /// The region that the store wants to be named; most do not care.
    #[arg(id = "files.s3_region", long = "files-s3-region", value_name = "NAME", default_value = "us-east-1")]
    pub(crate) s3_region: String,

    /// The access key for the store.
    #[arg(id = "files.s3_access_key", long = "files-s3-access-key", value_name = "KEY", default_value = "", value_parser = secret)]
    pub(crate) s3_access_key: Hidden,

    /// The secret key for the store. Better in the file or the environment than among the flags, which others on the machine see.
    #[arg(id = "files.s3_secret_key", long = "files-s3-secret-key", value_name = "KEY", default_value = "", value_parser = secret)]
    pub(crate) s3_secret_key: Hidden,
}

/// A text that is not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Hidden(String);

impl Hidden {
    /// What is shown of it, if there is something.
    pub(super) fn shown(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| "…".to_owned())
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Files {
    /// The folder of files, beside this database unless another is named.
    pub(crate) fn folder(&self, database: &DatabaseUrl) -> PathBuf {
        let beside = || match database {
            DatabaseUrl::Sqlite(file) => file.parent().unwrap_or(Path::new("")).join("files"),
            DatabaseUrl::Postgres(_) => PathBuf::from("data/files"),
        };
        self.folder.clone().unwrap_or_else(beside)
    }

    /// Opens the place of files, if there is to be one.
    pub(crate) fn open(&self, database: &DatabaseUrl) -> anyhow::Result<Option<server::Files>> {
        if !self.enabled {
            return Ok(None);
        }
        let folder = self.folder(database);
        if self.s3_endpoint.is_some() != self.s3_bucket.is_some() {
            anyhow::bail!("files.s3_endpoint and files.s3_bucket go together; set both, or neither");
        }
        let s3 = self.s3_endpoint.clone().zip(self.s3_bucket.clone()).map(|(endpoint, bucket)| S3Settings {
            endpoint,
            bucket,
            region: self.s3_region.clone(),
            access_key: self.s3_access_key.0.clone(),
            secret_key: self.s3_secret_key.0.clone(),
        });
        let settings = FileSettings {
            max_bytes: u64::from(self.max_mb) << 20,
            quota_bytes: u64::from(self.quota_mb) << 20,
            folder: folder.clone(),
            s3,
            worker: env::current_exe().context("this program cannot find itself")?,
        };
        match server::Files::open(settings) {
            Ok(files) => Ok(Some(files)),
            Err(BlobTrouble::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                anyhow::bail!(
                    "another server uses {}; give this one a folder of its own by --files-folder",
                    folder.display()
                )
            }
            Err(trouble) => {
                Err(trouble).with_context(|| format!("the folder of files, {}, cannot be used", folder.display()))
            }
        }
    }
}

fn megabytes(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (1..=1_048_576).contains(number));
    number.ok_or_else(|| "write a whole number of MB, 1 to 1048576".to_owned())
}

fn endpoint(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let host = rest.map(|rest| rest.trim_end_matches('/')).filter(|host| !host.is_empty());
    match host {
        Some(host) if !host.contains(char::is_whitespace) && !host.contains('@') => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        Some(_) | None => Err("write https:// and the store's address".to_owned()),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that may fail")]
fn secret(text: &str) -> Result<Hidden, String> {
    Ok(Hidden(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_store_is_checked_and_a_key_is_not_shown() {
        assert_eq!(endpoint("https://s3.example.org/").as_deref(), Ok("https://s3.example.org"));
        assert_eq!(endpoint("http://127.0.0.1:9000").as_deref(), Ok("http://127.0.0.1:9000"));
        for wrong in ["", "s3.example.org", "ftp://s3", "https://", "https://key@s3", "https://a b"] {
            assert!(endpoint(wrong).is_err(), "{wrong}");
        }
        assert!(!format!("{:?}", secret("open sesame").unwrap()).contains("sesame"));
    }
}
