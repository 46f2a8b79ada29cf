-- What a person wants of a room they are in.

-- Of which messages they are told at once: 0 all, 1 those that name them, 2 none.
ALTER TABLE members ADD COLUMN notify INTEGER NOT NULL DEFAULT 0 CHECK (notify IN (0, 1, 2));
