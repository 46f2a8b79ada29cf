-- What people want to be said later.
CREATE TABLE scheduled (
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- The key of the message that it becomes.
    key     TEXT    NOT NULL,
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    body    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    -- Whether its author is to be told when it is said: a reminder.
    remind  INTEGER NOT NULL CHECK (remind IN (0, 1)),
    -- Why it could not be said, when its time had come; a code.
    failure TEXT,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX scheduled_by_time ON scheduled (at) WHERE failure IS NULL;
