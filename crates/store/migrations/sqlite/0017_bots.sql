-- Accounts of programs, what their tokens may do, and the doors of rooms to programs elsewhere.

-- Whose bot an account is, if it is one, and since when its owner wants it no more.
ALTER TABLE users ADD COLUMN owner_id INTEGER REFERENCES users (id);
ALTER TABLE users ADD COLUMN retired_at INTEGER;
CREATE INDEX users_by_owner ON users (owner_id) WHERE owner_id IS NOT NULL;

-- A bot's token is a session with a name and with bounds, which lasts until it is revoked.
ALTER TABLE sessions ADD COLUMN label TEXT;
ALTER TABLE sessions ADD COLUMN scopes INTEGER;

-- How many bots have spoken, each after hearing the one before, since a person did.
ALTER TABLE messages ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;

CREATE TABLE hooks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id     INTEGER NOT NULL REFERENCES users (id),
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    -- Incoming: the hash of what its address ends with.
    token      BLOB UNIQUE,
    -- Outgoing: where it leads, what it signs with, and the place in the room's stream up to which everything was told.
    url        TEXT,
    secret     BLOB,
    cursor     INTEGER NOT NULL,
    -- How often the next message was tried in vain, and when it is tried again; a server that is at it puts that off.
    tries      INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    sent_at    INTEGER,
    -- When it last failed, and with which status; 0: nobody answered.
    failed_at  INTEGER,
    failure    INTEGER
) STRICT;
CREATE INDEX hooks_by_bot ON hooks (bot_id, room_id);
