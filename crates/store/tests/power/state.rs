//! One state of the disk: made, opened and judged.

use std::{collections::BTreeMap, fs};

use model::{
    Membership, Person, Room, RoomId, RoomName, Scopes, Seq, Session, SessionId, UserId, Username, Visibility, rules,
};
use store::{Fault, messages};

use crate::{
    disk::{Chance, Disk},
    trace::{File, Step},
    writer,
};

/// Whether the promises hold; if not, what is wrong.
pub(crate) type Verdict = Result<(), String>;

/// Takes the power away at moments that the seeds choose, and looks at what is left. Gives what became of the promises, by seed.
pub(crate) fn judge(steps: &[Step], seeds: impl Iterator<Item = u64>) -> Vec<(u64, Verdict)> {
    let mut moments: Vec<(u64, u64)> = seeds.map(|seed| (Chance(seed).below(steps.len() as u64 + 1), seed)).collect();
    moments.sort_unstable();
    let mut disk = Disk::default();
    let mut promised: Vec<&str> = Vec::new();
    let mut taken = 0;
    let mut verdicts = Vec::new();
    for (moment, seed) in moments {
        let moment = usize::try_from(moment).unwrap();
        for step in &steps[taken..moment] {
            disk.take(step);
            if let Step::Acknowledged(key) = step {
                promised.push(key);
            }
        }
        taken = moment;
        verdicts.push((seed, look(&disk, &promised, Chance(!seed))));
    }
    verdicts
}

fn look(disk: &Disk, promised: &[&str], mut chance: Chance) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    for (file, name) in [(File::Database, "chat.db"), (File::Log, "chat.db-wal")] {
        fs::write(folder.path().join(name), disk.found(file, &mut chance)).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match runtime.block_on(read(&folder.path().join("chat.db"))) {
        Ok(kept) => {
            let gone: Vec<_> = promised.iter().filter(|key| kept.get(**key) != Some(&1)).collect();
            if gone.is_empty() { Ok(()) } else { Err(format!("acknowledged and not there once: {gone:?}")) }
        }
        Err(why) => Err(why),
    }
}

/// How often each key is there, in a database that is sound.
async fn read(file: &std::path::Path) -> Result<BTreeMap<String, usize>, String> {
    let store = writer::open(file).await.map_err(|e| e.to_string())?.store;
    let found: Result<_, Fault> =
        store.read(|conn| Box::pin(async move { messages::after(conn, &reader(), Seq::ZERO, usize::MAX).await })).await;
    drop(store);
    let found = found.map_err(|e| e.to_string())?;
    if found.messages.windows(2).any(|pair| pair[0].seq >= pair[1].seq) {
        return Err("places do not rise".to_owned());
    }
    let conn = rusqlite::Connection::open(file).map_err(|e| e.to_string())?;
    let sound: String = conn.query_row("PRAGMA integrity_check", (), |row| row.get(0)).map_err(|e| e.to_string())?;
    if sound != "ok" {
        return Err(sound);
    }
    let mut kept = BTreeMap::new();
    for message in found.messages {
        *kept.entry(message.said.key.as_str().to_owned()).or_default() += 1;
    }
    Ok(kept)
}

/// Who reads the first room, whoever is in it.
fn reader() -> model::Permit<model::Read> {
    let person = Person::new(UserId::new(1), Username::kept("alice".into()));
    let name = RoomName::kept("lobby".into());
    let room = Room { id: RoomId::new(1), name, visibility: Visibility::Public, topic: None, people: Vec::new() };
    let session = Session { id: SessionId::new(1), person, admin: false, scopes: Scopes::ALL };
    rules::may_read(&session, Some(room), Membership::Member).unwrap()
}
