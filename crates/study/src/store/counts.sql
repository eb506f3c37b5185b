SELECT
    (SELECT count(*) FROM answers) AS answers,
    (SELECT count(*) FROM cards) AS cards,
    (SELECT count(*) FROM reviews) AS reviews,
    (SELECT count(*) FROM attempts) AS attempts,
    (SELECT count(*) FROM plan_items) AS plan_items
