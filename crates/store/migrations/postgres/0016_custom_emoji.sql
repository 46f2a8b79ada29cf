-- Emoji of the server's own: the one that is shown under each name, and perhaps one that is being written.
CREATE TABLE custom_emoji (
    name       TEXT    NOT NULL,
    shown      BIGINT  NOT NULL CHECK (shown IN (0, 1)),
    picture    TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    PRIMARY KEY (name, shown)
);
CREATE INDEX custom_emoji_by_picture ON custom_emoji (picture);
