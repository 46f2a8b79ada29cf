-- What people tell of themselves, and the usernames that they gave up, which nobody else gets for a while.
ALTER TABLE users ADD COLUMN display TEXT;
ALTER TABLE users ADD COLUMN about TEXT;
ALTER TABLE users ADD COLUMN time_zone TEXT;
ALTER TABLE users ADD COLUMN status_text TEXT;
ALTER TABLE users ADD COLUMN status_emoji TEXT;
ALTER TABLE users ADD COLUMN status_until INTEGER;
-- How often they have changed it.
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE former_names (
    username_key      TEXT    PRIMARY KEY,
    username_skeleton TEXT    NOT NULL,
    user_id           INTEGER NOT NULL REFERENCES users (id),
    until             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX former_names_by_skeleton ON former_names (username_skeleton);
CREATE INDEX former_names_by_user ON former_names (user_id);
