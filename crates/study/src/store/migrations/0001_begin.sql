-- Only types that SQLite and PostgreSQL both know. Times are milliseconds since 1970-01-01, UTC.

CREATE TABLE store_version (version BIGINT NOT NULL);
INSERT INTO store_version (version) VALUES (0);

CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    given_at_ms BIGINT NOT NULL,
    -- How long it took to give; null where nobody measured.
    seconds BIGINT CHECK (seconds >= 0),
    text TEXT NOT NULL
);
CREATE INDEX answers_to_question ON answers (question, given_at_ms);

-- What the learner expected, said before the score was shown.
CREATE TABLE estimates (
    answer TEXT PRIMARY KEY REFERENCES answers (id),
    estimate BIGINT NOT NULL CHECK (estimate BETWEEN 0 AND 100)
);

CREATE TABLE feedback (
    answer TEXT PRIMARY KEY REFERENCES answers (id),
    score BIGINT NOT NULL CHECK (score BETWEEN 0 AND 100),
    gated TEXT,
    level TEXT,
    -- The whole of it, as JSON.
    body TEXT NOT NULL
);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    drill TEXT NOT NULL,
    level TEXT NOT NULL,
    ruling TEXT NOT NULL CHECK (ruling IN ('pass', 'fail', 'void')),
    -- In digits: half of all seeds are larger than a BIGINT.
    seed TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    hints_used BIGINT NOT NULL CHECK (hints_used >= 0),
    -- As JSON.
    verdict TEXT NOT NULL
);
CREATE INDEX attempts_of_drill ON attempts (drill, at_ms);

CREATE TABLE cards (
    kind TEXT NOT NULL CHECK (kind IN ('question', 'drill')),
    name TEXT NOT NULL,
    stability_days DOUBLE PRECISION NOT NULL CHECK (stability_days > 0),
    difficulty DOUBLE PRECISION NOT NULL CHECK (difficulty BETWEEN 1 AND 10),
    last_review_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    -- How many reviews there are, and how many of them were rated 1.
    reps BIGINT NOT NULL CHECK (reps > 0),
    lapses BIGINT NOT NULL CHECK (lapses BETWEEN 0 AND reps),
    PRIMARY KEY (kind, name)
);
CREATE INDEX cards_due ON cards (due_ms, kind, name);

-- Each comes from one answer or one drill attempt, and each of these has one at most.
CREATE TABLE reviews (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 4),
    elapsed_days BIGINT NOT NULL CHECK (elapsed_days >= 0),
    answer TEXT UNIQUE REFERENCES answers (id),
    attempt TEXT UNIQUE REFERENCES attempts (id),
    FOREIGN KEY (kind, name) REFERENCES cards (kind, name),
    CHECK ((answer IS NOT NULL) = (kind = 'question')),
    CHECK ((attempt IS NOT NULL) = (kind = 'drill'))
);
CREATE INDEX reviews_of_card ON reviews (kind, name, at_ms);

CREATE TABLE plan (
    the_only BIGINT PRIMARY KEY CHECK (the_only = 1),
    -- An ISO 8601 date; null where there is none yet.
    interview TEXT,
    hours_per_week DOUBLE PRECISION NOT NULL CHECK (hours_per_week >= 0),
    made_at_ms BIGINT NOT NULL
);

CREATE TABLE plan_items (
    date TEXT NOT NULL,
    position BIGINT NOT NULL,
    task TEXT NOT NULL CHECK (task IN ('read', 'answer', 'do')),
    name TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes >= 0),
    -- Null until it is done.
    done_at_ms BIGINT,
    PRIMARY KEY (date, task, name)
);
