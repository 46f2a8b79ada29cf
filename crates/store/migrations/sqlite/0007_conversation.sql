-- Changes of a message's text, answers and threads, whom a message names, reactions and pins.

-- How often its text was changed.
ALTER TABLE messages ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
-- The message that it answers, and the first of that thread.
ALTER TABLE messages ADD COLUMN reply_to INTEGER;
ALTER TABLE messages ADD COLUMN thread INTEGER;
-- How many stand in the thread that begins here.
ALTER TABLE messages ADD COLUMN replies INTEGER NOT NULL DEFAULT 0;
-- How many rows of the tables below are about it, so that a page without any asks for none.
ALTER TABLE messages ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN reactions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN pinned_at INTEGER;
CREATE INDEX messages_by_thread ON messages (room_id, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX messages_by_pin ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- What a message said before. The first of a message's rows has the number 0 and is what was posted.
CREATE TABLE edits (
    room_id     INTEGER NOT NULL,
    message_seq INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    -- Until when it said so.
    until       INTEGER NOT NULL,
    PRIMARY KEY (room_id, message_seq, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE mentions (
    room_id     INTEGER NOT NULL,
    message_seq INTEGER NOT NULL,
    -- The word after the @, folded.
    word        TEXT    NOT NULL,
    -- Nobody: everybody in the room.
    user_id     INTEGER REFERENCES users (id),
    at          INTEGER NOT NULL,
    PRIMARY KEY (room_id, message_seq, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_user ON mentions (user_id, at) WHERE user_id IS NOT NULL;

CREATE TABLE reactions (
    room_id     INTEGER NOT NULL,
    message_seq INTEGER NOT NULL,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    emoji       TEXT    NOT NULL,
    -- The place of the event that set it: reactions are shown in this order.
    seq         INTEGER NOT NULL,
    PRIMARY KEY (room_id, message_seq, user_id, emoji)
) STRICT, WITHOUT ROWID;

-- An emoji.
ALTER TABLE events ADD COLUMN word TEXT;
