-- Rooms that a person wants above the others in their list.
ALTER TABLE members ADD COLUMN favourite BIGINT NOT NULL DEFAULT 0 CHECK (favourite IN (0, 1));
