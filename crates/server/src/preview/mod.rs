//! What is behind a link: what a page says of itself, and its picture.
//!
//! Somebody who reads a message asks for it, the server looks, and keeps what it saw for a while, in memory only. So nothing of it
//! outlives the message in a database, and a room's links are asked for once, however many read them.

mod look;
mod page;
mod picture;

pub(crate) use picture::Picture;

use std::sync::Arc;

use model::{
    Timestamp, UserId,
    limits::{
        PREVIEW_KEPT_MS, PREVIEW_LINK_BYTES_MAX, PREVIEW_MISSED_MS, PREVIEWS_AT_ONCE, PREVIEWS_KEPT_BYTES_MAX,
        PREVIEWS_KEPT_MAX, PREVIEWS_WAITING_MAX,
    },
};
use quick_cache::{Weighter, sync::Cache};

use crate::{Failure, House, outbound::Outbound, turns::Turns};

/// What a page says of itself.
#[derive(Debug)]
pub(crate) struct Preview {
    pub(crate) site: String,
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) picture: Option<Picture>,
}

/// Looks behind links, and remembers for a while what was there.
pub(crate) struct Previews {
    outbound: Arc<Outbound>,
    kept: Cache<String, Kept, Bytes>,
    turns: Turns,
}

#[derive(Clone)]
struct Kept {
    preview: Option<Arc<Preview>>,
    until: Timestamp,
}

/// About what one takes of the memory.
#[derive(Clone)]
struct Bytes;

impl Weighter<String, Kept> for Bytes {
    fn weight(&self, link: &String, kept: &Kept) -> u64 {
        const AROUND: usize = 256;
        let bytes = kept.preview.as_ref().map_or(0, |preview| {
            let texts = [Some(&preview.site), preview.title.as_ref(), preview.text.as_ref()];
            let texts: usize = texts.into_iter().flatten().map(String::len).sum();
            texts + preview.picture.as_ref().map_or(0, |picture| picture.bytes.len())
        });
        u64::try_from(AROUND + link.len() + bytes).unwrap_or(u64::MAX)
    }
}

impl Previews {
    pub(crate) fn new(outbound: Arc<Outbound>) -> Self {
        let kept = Cache::with_weighter(PREVIEWS_KEPT_MAX, PREVIEWS_KEPT_BYTES_MAX, Bytes);
        Self { outbound, kept, turns: Turns::new(PREVIEWS_AT_ONCE, PREVIEWS_WAITING_MAX) }
    }

    /// What is behind a link, if something can be said of it. All who ask for the same one wait for one look.
    pub(crate) async fn of(&self, house: &House, asker: UserId, link: &str) -> Result<Option<Arc<Preview>>, Failure> {
        if link.len() > PREVIEW_LINK_BYTES_MAX {
            return Ok(None);
        }
        let now = (house.clock)();
        if self.kept.get(link).is_some_and(|kept| kept.until <= now) {
            self.kept.remove(link);
        }
        let look = async {
            let _turn = self.turns.take(asker).await?;
            let preview = look::look(house, &self.outbound, link).await.map(Arc::new);
            let keep = if preview.is_some() { PREVIEW_KEPT_MS } else { PREVIEW_MISSED_MS };
            let until = Timestamp::from_ms(now.as_ms().saturating_add_unsigned(keep));
            Ok::<_, Failure>(Kept { preview, until })
        };
        Ok(self.kept.get_or_insert_async(link, look).await?.preview)
    }
}
