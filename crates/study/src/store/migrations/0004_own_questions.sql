-- Questions about a learner's own runs and bullets; their cards and answers are those of questions.
CREATE TABLE own_questions (
    id TEXT PRIMARY KEY,
    prompt TEXT NOT NULL,
    run TEXT NOT NULL,
    added_at_ms BIGINT NOT NULL
);
