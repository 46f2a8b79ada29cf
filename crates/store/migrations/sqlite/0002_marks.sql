-- Direct chats, marks, receipts and when somebody was last there.
-- Visibilities: 1 public, 2 private, 3 direct.

-- SQLite cannot alter a CHECK: the table is made anew under its own name. Until the commit it lacks rooms that others refer to;
-- at the commit every reference is checked.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE rooms_before AS SELECT id, name, name_key, visibility, created_at FROM rooms;
DELETE FROM rooms;
DROP TABLE rooms;
CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    visibility INTEGER NOT NULL CHECK (visibility IN (1, 2, 3)),
    created_at INTEGER NOT NULL,
    -- The ids of those in a direct chat, in order, with commas between. Its name is made of theirs when it is read.
    direct_key TEXT,
    CHECK ((visibility = 3) = (direct_key IS NOT NULL))
) STRICT;
INSERT INTO rooms (id, name, name_key, visibility, created_at)
    SELECT id, name, name_key, visibility, created_at FROM rooms_before;
DROP TABLE rooms_before;
CREATE UNIQUE INDEX rooms_by_public_name ON rooms (name_key) WHERE visibility = 1;
-- The same people have one direct chat.
CREATE UNIQUE INDEX rooms_by_direct_key ON rooms (direct_key) WHERE direct_key IS NOT NULL;

ALTER TABLE members ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN read INTEGER NOT NULL DEFAULT 0;
-- Who was here before marks were kept finds nothing unread.
UPDATE members SET delivered = (SELECT s.head FROM streams s WHERE s.kind = 1 AND s.owner = members.room_id);
UPDATE members SET read = delivered;

ALTER TABLE users ADD COLUMN receipts INTEGER NOT NULL DEFAULT 1 CHECK (receipts IN (0, 1));
ALTER TABLE users ADD COLUMN last_seen INTEGER;

ALTER TABLE events ADD COLUMN read INTEGER;
ALTER TABLE events ADD COLUMN unread INTEGER;
