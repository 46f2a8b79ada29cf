-- Messages that pass on what somebody said elsewhere: whose words they are, and when they were said.
ALTER TABLE messages ADD COLUMN forward_author INTEGER REFERENCES users (id);
ALTER TABLE messages ADD COLUMN forward_at INTEGER;
-- Where they were said. Nobody is told: it tells a repeated write from another one.
ALTER TABLE messages ADD COLUMN forward_room INTEGER;
ALTER TABLE messages ADD COLUMN forward_seq INTEGER;
