-- The words of messages, to search by. What was said before is taken in by the running program, a little at a time.
CREATE TABLE message_index (
    -- The moment, in milliseconds, times 2^20, and a number that tells apart what was said in one millisecond.
    id      INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    -- The marks and the terms of the message, folded in Rust, with spaces between them.
    terms   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_index_by_place ON message_index (room_id, seq);

CREATE VIRTUAL TABLE message_terms USING fts5 (
    terms,
    content = 'message_index', content_rowid = 'id', columnsize = 0, prefix = '2 3',
    -- Terms are folded already: this tokenizer only looks for the spaces.
    tokenize = "ascii tokenchars '_'"
);
-- What is removed leaves nothing behind in the index.
INSERT INTO message_terms (message_terms, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER message_index_in AFTER INSERT ON message_index BEGIN
    INSERT INTO message_terms (rowid, terms) VALUES (NEW.id, NEW.terms);
END;
CREATE TRIGGER message_index_out AFTER DELETE ON message_index BEGIN
    INSERT INTO message_terms (message_terms, rowid, terms) VALUES ('delete', OLD.id, OLD.terms);
END;

-- How far what was said before has been taken in, room by room; no row: everything has.
CREATE TABLE index_progress (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL
) STRICT;
INSERT INTO index_progress (one, room_id, seq) SELECT 1, 0, 0 WHERE EXISTS (SELECT 1 FROM messages);
