-- How people regard each other, where it is not as anybody.

-- `regard`: 1 ignored, 2 blocked.
CREATE TABLE regards (
    user_id  INTEGER NOT NULL REFERENCES users (id),
    other_id INTEGER NOT NULL REFERENCES users (id),
    regard   INTEGER NOT NULL CHECK (regard IN (1, 2)),
    PRIMARY KEY (user_id, other_id)
) STRICT, WITHOUT ROWID;
