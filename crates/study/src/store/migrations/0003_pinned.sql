-- Whether the learner has put it on its day, where it stays: 1, else 0.
ALTER TABLE plan_items ADD COLUMN pinned BIGINT NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
