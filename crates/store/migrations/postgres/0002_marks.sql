-- Direct chats, marks, receipts and when somebody was last there.
-- Visibilities: 1 public, 2 private, 3 direct.

-- The ids of those in a direct chat, in order, with commas between. Its name is made of theirs when it is read.
ALTER TABLE rooms ADD COLUMN direct_key TEXT;
ALTER TABLE rooms DROP CONSTRAINT rooms_visibility_check;
ALTER TABLE rooms ADD CONSTRAINT rooms_visibility_check CHECK (visibility IN (1, 2, 3));
ALTER TABLE rooms ADD CONSTRAINT rooms_direct_check CHECK ((visibility = 3) = (direct_key IS NOT NULL));
-- The same people have one direct chat.
CREATE UNIQUE INDEX rooms_by_direct_key ON rooms (direct_key) WHERE direct_key IS NOT NULL;

ALTER TABLE members ADD COLUMN delivered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN read BIGINT NOT NULL DEFAULT 0;
-- Who was here before marks were kept finds nothing unread.
UPDATE members SET delivered = (SELECT s.head FROM streams s WHERE s.kind = 1 AND s.owner = members.room_id);
UPDATE members SET read = delivered;

ALTER TABLE users ADD COLUMN receipts BIGINT NOT NULL DEFAULT 1 CHECK (receipts IN (0, 1));
ALTER TABLE users ADD COLUMN last_seen BIGINT;
-- Ordered by code points, as SQLite does: a prefix is a range of keys.
ALTER TABLE users ALTER COLUMN username_key TYPE TEXT COLLATE "C";

ALTER TABLE events ADD COLUMN read BIGINT;
ALTER TABLE events ADD COLUMN unread BIGINT;
