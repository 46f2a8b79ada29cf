-- Changes of a message's text, answers and threads, whom a message names, reactions and pins.

-- How often its text was changed.
ALTER TABLE messages ADD COLUMN edits BIGINT NOT NULL DEFAULT 0;
-- The message that it answers, and the first of that thread.
ALTER TABLE messages ADD COLUMN reply_to BIGINT;
ALTER TABLE messages ADD COLUMN thread BIGINT;
-- How many stand in the thread that begins here.
ALTER TABLE messages ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
-- How many rows of the tables below are about it, so that a page without any asks for none.
ALTER TABLE messages ADD COLUMN mentions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN reactions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN pinned_at BIGINT;
CREATE INDEX messages_by_thread ON messages (room_id, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX messages_by_pin ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- What a message said before. The first of a message's rows has the number 0 and is what was posted.
CREATE TABLE edits (
    room_id     BIGINT NOT NULL,
    message_seq BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    body        TEXT    NOT NULL,
    -- Until when it said so.
    until       BIGINT NOT NULL,
    PRIMARY KEY (room_id, message_seq, number)
);

CREATE TABLE mentions (
    room_id     BIGINT NOT NULL,
    message_seq BIGINT NOT NULL,
    -- The word after the @, folded.
    word        TEXT    NOT NULL,
    -- Nobody: everybody in the room.
    user_id     BIGINT REFERENCES users (id),
    at          BIGINT NOT NULL,
    PRIMARY KEY (room_id, message_seq, word)
);
CREATE INDEX mentions_by_user ON mentions (user_id, at) WHERE user_id IS NOT NULL;

CREATE TABLE reactions (
    room_id     BIGINT NOT NULL,
    message_seq BIGINT NOT NULL,
    user_id     BIGINT NOT NULL REFERENCES users (id),
    emoji       TEXT    NOT NULL,
    -- The place of the event that set it: reactions are shown in this order.
    seq         BIGINT NOT NULL,
    PRIMARY KEY (room_id, message_seq, user_id, emoji)
);

-- An emoji.
ALTER TABLE events ADD COLUMN word TEXT;
