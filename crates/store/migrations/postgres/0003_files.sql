-- Files that go with messages, the blobs that hold them, and messages that were taken back.
-- Kinds of file: 1 picture, 2 audio, 3 video, 4 other.

CREATE TABLE files (
    -- 128 random bits, in hexadecimal digits.
    id           TEXT    NOT NULL PRIMARY KEY,
    owner_id     BIGINT NOT NULL REFERENCES users (id),
    room_id      BIGINT NOT NULL REFERENCES rooms (id),
    client_key   TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    -- The bytes announced: what counts against the person's quota.
    sent         BIGINT NOT NULL,
    claimed_type TEXT    NOT NULL,
    -- When something last came.
    at           BIGINT NOT NULL,
    -- The blobs, named before they are written, so that nobody sweeps them meanwhile.
    whole        TEXT,
    preview      TEXT,
    -- From here on known once the file is finished, and its blobs are kept for good.
    kind         BIGINT CHECK (kind IN (1, 2, 3, 4)),
    size         BIGINT,
    media_type   TEXT,
    preview_type TEXT,
    width        BIGINT,
    height       BIGINT,
    thumbhash    TEXT,
    animated     BIGINT,
    -- The message that it goes with, and its place there.
    message_seq  BIGINT,
    place        BIGINT,
    CHECK ((kind IS NULL) = (size IS NULL)),
    CHECK ((kind IS NULL) = (media_type IS NULL)),
    CHECK (kind IS NULL OR whole IS NOT NULL),
    CHECK (message_seq IS NULL OR kind IS NOT NULL),
    CHECK ((message_seq IS NULL) = (place IS NULL))
);
-- A retry is harmless.
CREATE UNIQUE INDEX files_by_client_key ON files (owner_id, client_key);
CREATE INDEX files_by_message ON files (room_id, message_seq) WHERE message_seq IS NOT NULL;
CREATE INDEX files_by_waiting ON files (at) WHERE message_seq IS NULL;
CREATE INDEX files_by_whole ON files (whole);
CREATE INDEX files_by_preview ON files (preview);

-- Each blob is named after its content. One that is doomed has no file any more, is being removed, and must not be used again
-- before it is gone.
CREATE TABLE blobs (
    hash   TEXT    NOT NULL PRIMARY KEY,
    -- 0: it is needed. Else the moment after which somebody may remove it, or may try again.
    doomed BIGINT NOT NULL DEFAULT 0 CHECK (doomed >= 0)
);
CREATE INDEX blobs_by_doom ON blobs (doomed) WHERE doomed > 0;

-- How many files go with it, so that a page without any asks for none.
ALTER TABLE messages ADD COLUMN files BIGINT NOT NULL DEFAULT 0;
-- When its author took it back: then its body is empty and its files are gone.
ALTER TABLE messages ADD COLUMN deleted_at BIGINT;
