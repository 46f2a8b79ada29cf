-- What a person keeps for themselves: messages that they saved, and rooms that they want to see as unread.

-- The message from which on a member wants to see the room as unread.
ALTER TABLE members ADD COLUMN unread_from BIGINT;

CREATE TABLE saved (
    user_id     BIGINT NOT NULL REFERENCES users (id),
    room_id     BIGINT NOT NULL REFERENCES rooms (id),
    message_seq BIGINT NOT NULL,
    -- The place of the event that told of it, in the person's own stream: what was saved last has the greatest.
    seq         BIGINT NOT NULL,
    PRIMARY KEY (user_id, room_id, message_seq)
);
CREATE INDEX saved_by_turn ON saved (user_id, seq);
CREATE INDEX saved_by_message ON saved (room_id, message_seq);

-- Those that name everybody in a room.
CREATE INDEX mentions_of_everybody ON mentions (room_id, at) WHERE user_id IS NULL;
