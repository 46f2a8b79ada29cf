-- What a room is about.
ALTER TABLE rooms ADD COLUMN topic TEXT;
