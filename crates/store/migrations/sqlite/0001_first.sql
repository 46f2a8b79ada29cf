-- Times are milliseconds since the Unix epoch, in UTC. Names are folded in Rust, into columns of their own.
-- Kinds of stream: 1 a room's, 2 a person's. Visibilities: 1 public, 2 private.

CREATE TABLE identity (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    product     TEXT    NOT NULL,
    epoch       TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    setup_token BLOB,
    setup_until INTEGER
) STRICT;

CREATE TABLE users (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    username          TEXT    NOT NULL,
    username_key      TEXT    NOT NULL UNIQUE,
    username_skeleton TEXT    NOT NULL UNIQUE,
    password          TEXT    NOT NULL,
    admin             INTEGER NOT NULL CHECK (admin IN (0, 1)),
    created_at        INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    token      BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE invitations (
    token      BLOB    PRIMARY KEY,
    inviter_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    used_by    INTEGER REFERENCES users (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    visibility INTEGER NOT NULL CHECK (visibility IN (1, 2)),
    created_at INTEGER NOT NULL
) STRICT;
-- A private room's name is nobody's business: only public rooms compete for names.
CREATE UNIQUE INDEX rooms_by_public_name ON rooms (name_key) WHERE visibility = 1;

CREATE TABLE members (
    room_id   INTEGER NOT NULL REFERENCES rooms (id),
    user_id   INTEGER NOT NULL REFERENCES users (id),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id, room_id);

CREATE TABLE streams (
    kind  INTEGER NOT NULL CHECK (kind IN (1, 2)),
    owner INTEGER NOT NULL,
    head  INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    PRIMARY KEY (kind, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL,
    author_id  INTEGER NOT NULL REFERENCES users (id),
    client_key TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
-- A retry is harmless, for ever: an index, not a cache.
CREATE UNIQUE INDEX messages_by_client_key ON messages (author_id, client_key);

-- The log holds no text: a message's stands in messages alone, and is joined when the log is read.
CREATE TABLE events (
    kind   INTEGER NOT NULL,
    owner  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    what   TEXT    NOT NULL,
    person INTEGER,
    room   INTEGER,
    number INTEGER,
    PRIMARY KEY (kind, owner, seq)
) STRICT, WITHOUT ROWID;
