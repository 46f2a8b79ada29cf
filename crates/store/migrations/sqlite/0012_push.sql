-- Messages are pushed to devices without an open page, and people say when they want to be left alone.

-- The server's key for push services, as PKCS#8 (RFC 8292). Made at the first start.
ALTER TABLE identity ADD COLUMN push_key BLOB;

-- A notice says only that there is a message.
ALTER TABLE users ADD COLUMN notices_hidden INTEGER NOT NULL DEFAULT 0 CHECK (notices_hidden IN (0, 1));
-- When nothing is told at once: minutes after midnight, in this time zone.
ALTER TABLE users ADD COLUMN quiet_from INTEGER;
ALTER TABLE users ADD COLUMN quiet_to INTEGER;
ALTER TABLE users ADD COLUMN quiet_zone TEXT;

CREATE TABLE push_subscriptions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- One for each session, and it ends with it.
    session_id INTEGER NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    -- A browser is pushed to for whoever used it last.
    endpoint   TEXT    NOT NULL UNIQUE,
    public_key BLOB    NOT NULL,
    auth       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    -- When the push service last took one, and when the device last said that one had come.
    sent_at    INTEGER,
    arrived_at INTEGER,
    -- When the push service last refused one for good, and with which status; 0: it could not be reached.
    failed_at  INTEGER,
    failure    INTEGER
) STRICT;
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id);
