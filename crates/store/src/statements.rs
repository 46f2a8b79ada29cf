//! Every statement of the house, in one list.

use crate::{
    Conn, Fault, blobs, bots, custom_emoji, directs, edits, files, hooks, identity, invitations, marks, members,
    mentions, messages, migrate, notice_prefs, portraits, profiles, push, reactions, regards, room_prefs, rooms, saved,
    scheduled, search, sessions, sql::Sql, streams, users,
};

const LISTS: [&[&Sql]; 29] = [
    &blobs::STATEMENTS,
    &bots::STATEMENTS,
    &custom_emoji::STATEMENTS,
    &directs::STATEMENTS,
    &edits::STATEMENTS,
    &files::STATEMENTS,
    &hooks::STATEMENTS,
    &identity::STATEMENTS,
    &invitations::STATEMENTS,
    &marks::STATEMENTS,
    &members::STATEMENTS,
    &mentions::STATEMENTS,
    &messages::STATEMENTS,
    &migrate::STATEMENTS,
    &notice_prefs::STATEMENTS,
    &portraits::STATEMENTS,
    &profiles::STATEMENTS,
    &push::STATEMENTS,
    &reactions::STATEMENTS,
    &regards::STATEMENTS,
    &room_prefs::STATEMENTS,
    &rooms::STATEMENTS,
    &saved::STATEMENTS,
    &scheduled::STATEMENTS,
    &search::STATEMENTS,
    &search::FILLING,
    &sessions::STATEMENTS,
    &streams::STATEMENTS,
    &users::STATEMENTS,
];

/// Prepares every statement, so that one that an engine does not understand is found at once. Gives their number.
pub async fn prepare_all(conn: &mut Conn) -> Result<usize, Fault> {
    let mut prepared = 0;
    let own = migrate::tables(conn);
    for sql in LISTS.into_iter().flatten().copied().chain([own]) {
        conn.prepare(sql).await?;
        prepared += 1;
    }
    Ok(prepared)
}
