-- People's pictures: two squares each, and beside the one that is shown perhaps one that is being written.
CREATE TABLE portraits (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    shown      BIGINT NOT NULL CHECK (shown IN (0, 1)),
    large      TEXT    NOT NULL,
    large_type TEXT    NOT NULL,
    small      TEXT    NOT NULL,
    small_type TEXT    NOT NULL,
    PRIMARY KEY (user_id, shown)
);
CREATE INDEX portraits_by_large ON portraits (large);
CREATE INDEX portraits_by_small ON portraits (small);

-- Whether a person has one, so that nobody asks in vain.
ALTER TABLE users ADD COLUMN picture BIGINT NOT NULL DEFAULT 0 CHECK (picture IN (0, 1));
