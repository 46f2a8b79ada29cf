-- The words of messages, to search by. What was said before is taken in by the running program, a little at a time.
CREATE TABLE message_index (
    -- The moment, in milliseconds, times 2^20, and a number that tells apart what was said in one millisecond.
    id      BIGINT   PRIMARY KEY,
    room_id BIGINT   NOT NULL,
    seq     BIGINT   NOT NULL,
    -- The marks and the terms of the message, folded in Rust.
    terms   TSVECTOR NOT NULL
);
CREATE UNIQUE INDEX message_index_by_place ON message_index (room_id, seq);
CREATE INDEX message_index_by_terms ON message_index USING GIN (terms);
CREATE SEQUENCE message_index_turn AS BIGINT MINVALUE 0 MAXVALUE 1048575 CYCLE;

-- How far what was said before has been taken in, room by room; no row: everything has.
CREATE TABLE index_progress (
    one     BIGINT PRIMARY KEY CHECK (one = 1),
    room_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL
);
INSERT INTO index_progress (one, room_id, seq) SELECT 1, 0, 0 WHERE EXISTS (SELECT 1 FROM messages);
