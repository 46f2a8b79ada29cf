//! Every bound that more than one crate needs, with its unit last in the name.
//!
//! What happens when a bound is met is said beside each.

/// The longest message, in Unicode scalar values. Longer: refused as `body_too_long`.
pub const BODY_CHARS_MAX: usize = 8_000;
/// The longest beginning of a message that another quotes, in Unicode scalar values. A longer text is cut.
pub const QUOTE_CHARS_MAX: usize = 160;
/// People whom one message names. The names beyond are text.
pub const MENTIONS_MAX: usize = 20;
/// Members of a room in which everybody may name everybody with `@room`. In a larger one administrators may.
pub const MENTION_ROOM_MEMBERS_MAX: usize = 64;
/// Changes of one message's text. One more: refused as `too_many_edits`.
pub const EDITS_MAX: u32 = 100;
/// The longest emoji, in Unicode scalar values. Longer: refused as `emoji_invalid`.
pub const EMOJI_CHARS_MAX: usize = 16;
/// The shortest name of a custom emoji, in characters. Shorter: refused as `emoji_name_invalid`.
pub const EMOJI_NAME_CHARS_MIN: usize = 2;
/// The longest name of a custom emoji, in characters. Longer: refused as `emoji_name_invalid`.
pub const EMOJI_NAME_CHARS_MAX: usize = 32;
/// Custom emoji of one server. One more: refused as `too_many_emoji`.
pub const CUSTOM_EMOJI_MAX: usize = 500;
/// The picture that a custom emoji is made of, in bytes. Larger: refused as `file_too_large`.
pub const EMOJI_PICTURE_BYTES_MAX: u64 = 1024 * 1024;
/// The longer side of a custom emoji as it is kept, in pixels. A longer one is made smaller.
pub const EMOJI_SIDE_MAX: u32 = 128;
/// Reactions to one message, of all people together. One more: refused as `too_many_reactions`.
pub const REACTIONS_MAX: usize = 500;
/// Messages pinned to one room. One more: refused as `too_many_pins`.
pub const PINS_MAX: usize = 50;
/// The longest topic of a room, in Unicode scalar values. Longer: refused as `topic_invalid`.
pub const TOPIC_CHARS_MAX: usize = 250;
/// Bots of one person. One more: refused as `too_many_bots`.
pub const BOTS_MAX: usize = 10;
/// Tokens of one bot. One more: refused as `too_many_bots`.
pub const BOT_TOKENS_MAX: usize = 10;
/// Hooks of one bot. One more: refused as `too_many_bots`.
pub const BOT_HOOKS_MAX: usize = 20;
/// Messages of bots in a row, each of which may answer the one before. One more: refused as `bots_only`, until a person speaks.
pub const BOT_HOPS_MAX: u32 = 3;
/// How long a message may be the cause of a bot's, in milliseconds (1 hour).
pub const BOT_HEARD_MS: i64 = 60 * 60 * 1_000;
/// Places of a room's stream among which the message is looked for that a bot may have heard.
pub const BOT_HEARD_PLACES: u64 = 200;
/// The longest address of an outgoing hook, in bytes. Longer: refused as `hook_invalid`.
pub const HOOK_URL_BYTES_MAX: usize = 1_024;
/// Outgoing hooks that are told of something at once. One more waits.
pub const HOOKS_AT_ONCE: usize = 4;
/// Places of a room's stream that one telling goes through. More: the hook comes to its turn again.
pub const HOOK_PLACES: u64 = 50;
/// How long a hook's turn may take, in milliseconds. Then another server may take the hook on; so long a hook rests, too, whose server
/// was killed.
pub const HOOK_LEASE_MS: i64 = 20_000;
/// After so long no further message is told in the same turn, in milliseconds: one takes at most [`OUTBOUND_MS`], and the lease is not over then.
pub const HOOK_TURN_MS: u64 = 8_000;
/// How long a hook rests after a failure, in milliseconds; four times as long after each further one.
pub const HOOK_RETRY_MS: i64 = 5_000;
/// The longest such rest, in milliseconds (1 hour).
pub const HOOK_RETRY_MS_MAX: i64 = 60 * 60 * 1_000;
/// Tries of one message. Then it is passed over, and the next one is told.
pub const HOOK_TRIES_MAX: u32 = 10;
/// Messages that one person wants to be said later. One more: refused as `too_many_scheduled`.
pub const SCHEDULED_MAX: usize = 100;
/// The longest time ahead that a message can be kept for, in milliseconds: a year and a day.
pub const SCHEDULED_AHEAD_MS: i64 = 366 * 24 * 60 * 60 * 1_000;
/// People whom one person ignores or blocks. One more: refused as `too_many_regarded`.
pub const REGARDED_MAX: usize = 500;
/// Messages that one person has saved, in all rooms together. One more: refused as `too_many_saved`.
pub const SAVED_MAX: usize = 500;
/// Messages on one page of what is saved, and of what names one. A larger wish gets this many.
pub const GATHERED_PAGE_MAX: usize = 50;
/// Messages on such a page if nothing is wished.
pub const GATHERED_PAGE: usize = 20;
/// The shortest username, in Unicode scalar values. Shorter: refused as `username_invalid`.
pub const USERNAME_CHARS_MIN: usize = 2;
/// The longest username, in Unicode scalar values. Longer: refused as `username_invalid`.
pub const USERNAME_CHARS_MAX: usize = 32;
/// The longest display name, in Unicode scalar values. Longer: refused as `profile_invalid`.
pub const DISPLAY_NAME_CHARS_MAX: usize = 48;
/// The longest line about oneself, in Unicode scalar values. Longer: refused as `profile_invalid`.
pub const ABOUT_CHARS_MAX: usize = 160;
/// The longest text of a status, in Unicode scalar values. Longer: refused as `profile_invalid`.
pub const STATUS_CHARS_MAX: usize = 80;
/// The longest emoji beside a status, in Unicode scalar values. Longer: refused as `profile_invalid`.
pub const STATUS_EMOJI_CHARS_MAX: usize = 16;
/// The longest name of a time zone, in Unicode scalar values. Longer: refused as `profile_invalid`.
pub const TIME_ZONE_CHARS_MAX: usize = 64;
/// Time for which nobody else gets a username that somebody gave up, in milliseconds (90 days).
pub const FORMER_NAME_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// Former usernames that are held for one person. One more: the oldest is free.
pub const FORMER_NAMES_MAX: usize = 3;
/// The longest room name, in Unicode scalar values. Longer: refused as `room_name_invalid`.
pub const ROOM_NAME_CHARS_MAX: usize = 64;
/// The shortest password, in Unicode scalar values (OWASP ASVS 5.0, 6.2.1). Shorter: refused as `password_invalid`.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// The longest password, in bytes. Longer: refused before hashing as `password_invalid`.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// The longest client key, in bytes. Longer: refused as `key_invalid`.
pub const CLIENT_KEY_BYTES_MAX: usize = 64;

/// The largest WebSocket frame and request body, in bytes. Larger: the socket closes with 1009, a request gets 413.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
/// The read buffer of a socket, in bytes.
pub const SOCKET_READ_BUFFER_BYTES: usize = 4 * 1024;
/// Events that wait for one socket. More: the queue is dropped and the socket is told `behind`.
pub const OUTBOX_EVENTS_MAX: usize = 256;
/// Bytes that wait for one socket. More: the queue is dropped and the socket is told `behind`.
pub const OUTBOX_BYTES_MAX: usize = 256 * 1024;
/// Bytes that the kernel takes for a connection before they can be sent, about. More wait in the server, where they are bounded
/// and a reader that stalls is seen; left to itself, the kernel would take four megabytes for each.
pub const UNSENT_BYTES_MAX: u32 = 64 * 1024;
/// Sockets of one person. One more: refused with 4013.
pub const SOCKETS_PER_USER_MAX: usize = 16;
/// Connections from one address. One more: closed at once.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;
/// Connections in all. One more waits in the kernel's queue until another ends.
pub const CONNECTIONS_MAX: usize = 32_768;
/// Rooms that one person may be in. One more: refused as `too_many_rooms`.
pub const ROOMS_PER_USER_MAX: usize = 1_000;
/// Events that a resume reads from the log. Further behind: told `reset`.
pub const RESUME_EVENTS_MAX: usize = 1_000;
/// Messages on one page of history. A larger wish gets this many.
pub const HISTORY_PAGE_MAX: usize = 50;
/// Rooms on one page of the directory. A larger directory is searched by name.
pub const DIRECTORY_PAGE_MAX: usize = 200;
/// People in one answer to "who is in this room". More are paged by id.
pub const MEMBERS_PAGE_MAX: usize = 200;

/// People in one direct chat, whoever began it included. More: refused as `too_many_people`.
pub const DIRECT_PEOPLE_MAX: usize = 10;
/// Unread messages that are counted. More are shown as "99+".
pub const UNREAD_MAX: u32 = 100;
/// Members of a room in which everybody is told of everybody's marks. In a larger one they are asked for.
pub const MARKS_TOLD_MEMBERS_MAX: usize = 64;
/// Members whose marks one answer tells. The marks of the others are not told.
pub const MARKS_PAGE_MAX: usize = 1_000;
/// People whose coming and going one socket watches. More: refused as `too_many_people`.
pub const WATCHED_MAX: usize = 500;
/// People in one answer to "who is here". More are paged by id, or searched by name.
pub const PEOPLE_PAGE_MAX: usize = 100;
/// Events that the log keeps of one stream. Whoever lacks more starts afresh.
pub const EVENTS_KEPT: u64 = 2_000;
/// Events that are dropped from the log at once, when so many have become too many.
pub const EVENTS_DROPPED: u64 = 256;

/// Files of one message. More: refused as `too_many_files`.
pub const FILES_PER_MESSAGE_MAX: usize = 10;
/// The longest name of a file, in Unicode scalar values. A longer one is cut before its ending.
pub const FILE_NAME_CHARS_MAX: usize = 120;
/// The longest media type that a sender may claim for a file, in bytes. A longer one counts for nothing.
pub const MEDIA_TYPE_BYTES_MAX: usize = 100;
/// Uploads of one person that are not finished. One more: refused as `too_many_uploads`.
pub const UPLOADS_UNFINISHED_MAX: usize = 20;
/// Time an upload may rest without a byte before it is removed, and a finished file may wait for its message, in milliseconds
/// (24 hours).
pub const FILE_WAITS_MS: i64 = 24 * 60 * 60 * 1_000;
/// Time without a single byte of an upload's request, in milliseconds. Longer: answered 408, and what came is kept.
pub const UPLOAD_STALL_MS: u64 = 10_000;
/// Bytes a second that an upload's request must bring on average, after [`UPLOAD_STALL_MS`]. Fewer: answered 408.
pub const UPLOAD_RATE_MIN: u64 = 1_024;
/// The longer side of a picture, in pixels. Longer: refused as `picture_refused`.
pub const PICTURE_SIDE_MAX: u32 = 12_000;
/// The pixels of a picture. More: refused as `picture_refused`.
pub const PICTURE_PIXELS_MAX: u64 = 40_000_000;
/// The pictures in one that moves. More: refused as `picture_refused`.
pub const PICTURE_FRAMES_MAX: usize = 1_000;
/// The pixels of all pictures in one that moves. More: refused as `picture_refused`.
pub const PICTURE_FRAMES_PIXELS_MAX: u64 = 120_000_000;
/// The longer side of a picture as it is kept, in pixels. A longer one is made smaller.
pub const PICTURE_KEPT_SIDE_MAX: u32 = 4_096;
/// The longer side of a picture's preview, in pixels.
pub const PREVIEW_SIDE_MAX: u32 = 800;

/// The longest search, in Unicode scalar values. Longer: refused as `search_too_long`.
pub const SEARCH_CHARS_MAX: usize = 256;
/// Words, phrases and operators of one search. More: refused as `search_too_long`.
pub const SEARCH_TERMS_MAX: usize = 16;
/// Messages on one page of what was found. A larger wish gets this many.
pub const SEARCH_PAGE_MAX: usize = 50;
/// Messages on such a page if nothing is wished.
pub const SEARCH_PAGE: usize = 20;
/// Places that are marked in one message that was found. More are not marked.
pub const SEARCH_PLACES_MAX: usize = 50;
/// Time that one search may take in the database, in milliseconds. Longer: refused as `search_too_broad`.
pub const SEARCH_MS: u64 = 2_000;
/// Searches at once: each takes a core. One more waits.
pub const SEARCHES_AT_ONCE: usize = 2;
/// Searches that wait for their turn. One more is refused as `busy`.
pub const SEARCHES_WAITING_MAX: usize = 16;
/// Pieces of work of one person that are done or wait, where turns are taken: one is done. One more is refused as `busy`.
pub const TURNS_OF_ONE_MAX: usize = 4;
/// Rooms of one person that the index is asked for by name. Whoever is in more is looked for in all, and what they may not see is
/// passed over.
pub const SEARCH_ROOMS_MAX: usize = 200;
/// The longest term of the index, in Unicode scalar values. A longer word is cut.
pub const TERM_CHARS_MAX: usize = 64;
/// Terms of one message that are found. What comes after is not.
pub const TERMS_PER_MESSAGE_MAX: usize = 8_000;
/// Messages that are taken into the index at once, where it was not kept from the beginning.
pub const INDEXED_AT_ONCE: usize = 200;

/// Devices of one person that messages are pushed to. One more: the one of which nothing was heard for longest goes.
pub const PUSH_DEVICES_MAX: usize = 20;
/// The longest address of a push service, in bytes. Longer: refused as `push_invalid`.
pub const PUSH_ENDPOINT_BYTES_MAX: usize = 1_024;
/// The longest line of a message in a push, in Unicode scalar values. What is longer is cut.
pub const PUSH_LINE_CHARS_MAX: usize = 160;
/// What a push says, in bytes, before it is encrypted: less is filled up, so that its length tells nothing.
pub const PUSH_BYTES: usize = 2_048;
/// How long a message waits whether it is read, before it is pushed, in milliseconds.
pub const PUSH_SETTLE_MS: u64 = 3_000;
/// How long after that those are looked at once more who seemed to be there, in milliseconds: a socket that is dead is noticed by then.
pub const PUSH_LOOK_AGAIN_MS: u64 = PING_MS + PONG_TIMEOUT_MS + 5_000;
/// How long a push waits that was not taken, in milliseconds; four times as long after each try.
pub const PUSH_RETRY_MS: u64 = 5_000;
/// Messages that wait for the decision whom they are pushed to. One more is pushed to nobody.
pub const PUSH_WAITING_MAX: usize = 1_024;
/// Rooms whose messages wait for that. The messages of one more are pushed to nobody.
pub const PUSH_ROOMS_MAX: usize = 4_096;
/// Messages of one room that are decided upon at once. Of more, the last ones.
pub const PUSH_BATCH_MAX: usize = 50;
/// Pushes that are on their way, or wait to be tried again. One more is given up.
pub const PUSHES_MAX: usize = 4_096;
/// Tries of one push. Then it is given up.
pub const PUSH_TRIES_MAX: u32 = 5;
/// The longest wait that a push service may ask for, in milliseconds. A push that is to wait longer is given up.
pub const PUSH_RETRY_MS_MAX: u64 = 15 * 60 * 1_000;
/// Time that a push service keeps a push for a device that cannot be reached, in seconds (12 hours).
pub const PUSH_TTL_S: u32 = 12 * 60 * 60;
/// Time over which it is told how pushes fared, in milliseconds (7 days).
pub const PUSH_HEALTH_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Requests of the server to others that are under way at once. One more waits.
pub const OUTBOUND_AT_ONCE: usize = 16;
/// Time that one request to another server may take, in milliseconds. Longer: given up.
pub const OUTBOUND_MS: u64 = 10_000;
/// What is read of a push service's answer, in bytes. The rest is of no use.
pub const OUTBOUND_BYTES_MAX: usize = 64 * 1024;

/// The longest link that is looked behind, in bytes.
pub const PREVIEW_LINK_BYTES_MAX: usize = 2_048;
/// Time for the page behind a link, and as long again for its picture, in milliseconds. Later: none.
pub const PREVIEW_MS: u64 = 5_000;
/// How often one page or picture may send on to another address.
pub const PREVIEW_REDIRECTS_MAX: usize = 3;
/// What is read of a page, in bytes. What it says of itself stands at its beginning.
pub const PREVIEW_PAGE_BYTES_MAX: usize = 512 * 1024;
/// The largest picture of a page, in bytes. A larger one is not shown.
pub const PREVIEW_PICTURE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The largest picture that is made of that, in bytes. A larger one is not shown.
pub const PREVIEW_SHOWN_BYTES_MAX: usize = 512 * 1024;
/// The longest title of a page, and name of a site, in Unicode scalar values. What is longer is cut.
pub const PREVIEW_TITLE_CHARS_MAX: usize = 120;
/// The longest text about a page, in Unicode scalar values. What is longer is cut.
pub const PREVIEW_TEXT_CHARS_MAX: usize = 240;
/// Links that are looked behind at once.
pub const PREVIEWS_AT_ONCE: usize = 4;
/// Links that wait for that. One more is refused as `busy`.
pub const PREVIEWS_WAITING_MAX: usize = 32;
/// Previews that are kept in memory, about so many.
pub const PREVIEWS_KEPT_MAX: usize = 1_000;
/// Previews that are kept in memory, in bytes.
pub const PREVIEWS_KEPT_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How long a preview is kept, in milliseconds (1 hour). Then the page is asked again.
pub const PREVIEW_KEPT_MS: u64 = 60 * 60 * 1_000;
/// How long it is kept that there was none, in milliseconds (5 minutes).
pub const PREVIEW_MISSED_MS: u64 = 5 * 60 * 1_000;

/// Time that "is writing" stands, in milliseconds.
pub const TYPING_MS: u64 = 5_000;
/// Time between two words of "is writing" from one person in one room, in milliseconds. One that comes sooner is not passed on.
pub const TYPING_EVERY_MS: u64 = 2_000;
/// Time after the last socket of a person closed until they are offline, in milliseconds: a reload is not an absence.
pub const OFFLINE_AFTER_MS: u64 = 3_000;
/// Time between two pings of a quiet socket, in milliseconds.
pub const PING_MS: u64 = 20_000;
/// Time a socket has to answer a ping, in milliseconds. Later: closed with 4008.
pub const PONG_TIMEOUT_MS: u64 = 20_000;
/// Lines of all people, where there is no socket. One more: refused as `busy`.
pub const LINES_MAX: usize = 10_000;
/// Frames from a client that wait at one line. One more: refused as `busy`.
pub const LINE_FRAMES_MAX: usize = 64;
/// Bytes that wait at one line until its client has fetched them. More: what comes waits in the outbox.
pub const LINE_BYTES_MAX: usize = 256 * 1024;
/// The longest time that a poll waits for something to happen, in milliseconds.
pub const LINE_WAIT_MS_MAX: u64 = 25_000;
/// Time after which a line at which nobody has asked is closed with 4008, in milliseconds.
pub const LINE_SILENCE_MS: u64 = 40_000;
/// Time between two pings of a line, in milliseconds. Who asks is there; the ping only says where the streams stand.
pub const LINE_PING_MS: u64 = 60_000;
/// Time a line that has ended has to tell its client why, in milliseconds.
pub const LINE_FAREWELL_MS: u64 = 2_000;
/// Time between two looks at whether the session of a connection still lives, in milliseconds.
pub const SESSION_LOOK_MS: u64 = 60_000;
/// Time a socket has to take what is written to it, in milliseconds. Later: closed with 4008; with a second for the good-bye,
/// within ten seconds after it took the last byte.
pub const WRITE_TIMEOUT_MS: u64 = 8_500;
/// Time a client has to send its request's head, in milliseconds. Later: closed.
pub const HEADER_TIMEOUT_MS: u64 = 10_000;
/// Time one request may take, in milliseconds. Later: answered 408 or 503.
pub const REQUEST_TIMEOUT_MS: u64 = 30_000;
/// Time that open connections have to finish after SIGTERM, in milliseconds. Later: cut.
pub const DRAIN_MS: u64 = 15_000;

/// A session that nobody used for this long is over, in milliseconds (30 days).
pub const SESSION_IDLE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A session this old is over, in milliseconds (90 days).
pub const SESSION_AGE_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// An invitation this old is over, in milliseconds (7 days).
pub const INVITATION_AGE_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// The set-up link works this long after a start, in milliseconds (1 hour).
pub const SETUP_AGE_MS: i64 = 60 * 60 * 1_000;

/// Members of one instant room. One more: closed with 4014.
pub const INSTANT_MEMBERS_MAX: usize = 64;
/// Instant rooms in all. One more: closed with 1013.
pub const INSTANT_ROOMS_MAX: usize = 20_000;
/// Instant rooms that people at one address (an IPv6 network of 64 bits) have opened and that live still. One more: closed with 4015.
pub const INSTANT_ROOMS_PER_ADDRESS_MAX: u32 = 100;
/// Bytes that wait for one member of an instant room. More: whoever says it is not read from until there is room.
pub const INSTANT_WAITING_BYTES_MAX: usize = 256 * 1024;
/// The read buffer of a socket in an instant room, in bytes. A larger frame gets the space that it needs.
pub const INSTANT_READ_BUFFER_BYTES: usize = 1_024;
/// The longest name of a plain instant room, in Unicode scalar values. Longer: refused as `room_name_invalid`.
pub const INSTANT_NAME_CHARS_MAX: usize = 64;
/// Time without any sign of life from a member of an instant room, in milliseconds. Longer: closed with 4008.
pub const INSTANT_SILENCE_MS: u64 = 40_000;
/// The longest nickname in an instant room, in Unicode scalar values. What is longer is cut off.
pub const INSTANT_NICK_CHARS_MAX: usize = 32;
/// The largest picture in an instant room, in bytes. A larger one is not sent, and not taken.
pub const INSTANT_PICTURE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// The widest and the highest picture that is shown in an instant room, in pixels. A larger one is not shown.
pub const INSTANT_PICTURE_PIXELS_MAX: u32 = 4_096;
/// Pictures of an instant room that a client takes at once. One more is not taken.
pub const INSTANT_TRANSFERS_MAX: usize = 8;
/// Time without a piece of a picture that is on its way, in milliseconds. Longer: given up.
pub const INSTANT_TRANSFER_SILENCE_MS: u64 = 30_000;
/// Time that a picture may take, in milliseconds. Longer: given up.
pub const INSTANT_TRANSFER_MS: u64 = 180_000;
/// Pictures that wait to be sent, the one on its way among them. One more is not taken.
pub const INSTANT_UPLOADS_MAX: usize = 4;
/// Texts that wait to be sent. One more is not taken.
pub const INSTANT_UNSENT_MAX: usize = 50;
/// What a client shows of an instant room, in messages. More: the oldest goes.
pub const INSTANT_ROWS_MAX: usize = 500;
/// Pictures that a client shows of an instant room, in bytes. More: the oldest goes.
pub const INSTANT_PICTURES_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Senders whose counters a client remembers. One more is not heard.
pub const INSTANT_SENDERS_MAX: usize = 4_096;
