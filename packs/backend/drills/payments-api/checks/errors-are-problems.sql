-- claim: Every error is an `application/problem+json` with type, title and the status of its status line, and tells nothing of the program's inside.
-- need: exactly
-- unit: errors in another form
-- with:
WITH errors AS (
  SELECT exchange, method, path, status, CASE WHEN json_valid(answer) THEN answer END AS problem, answer,
         (SELECT lower(h.value ->> 1) FROM json_each(answer_headers) h WHERE lower(h.value ->> 0) = 'content-type') AS media_type
  FROM exchanges WHERE status >= 400 AND method <> 'HEAD'
),
wrong AS (
  SELECT *, CASE
    WHEN media_type IS NULL OR media_type NOT LIKE 'application/problem+json%' THEN 'content type ' || coalesce(media_type, 'missing')
    WHEN problem IS NULL THEN 'no JSON'
    WHEN json_type(problem, '$.type') IS NOT 'text' THEN 'no `type`'
    WHEN json_type(problem, '$.title') IS NOT 'text' THEN 'no `title`'
    WHEN problem ->> '$.status' IS NOT status THEN 'its `status` is ' || coalesce(problem ->> '$.status', 'missing')
    WHEN answer LIKE '%Traceback (most recent%' OR answer LIKE '%goroutine %' OR answer LIKE '%    at %.js:%'
      OR answer LIKE '%panicked at%' OR answer LIKE '%SELECT %FROM%' OR answer LIKE '%INSERT INTO%' THEN 'it shows the program''s inside'
  END AS why FROM errors
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE why IS NOT NULL;
-- needs:
SELECT 'no request was refused' AS missing WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE status >= 400);
-- counterexamples:
SELECT method || ' ' || substr(path, 1, 60) AS request, status, why, substr(answer, 1, 160) AS answer, exchange
FROM wrong WHERE why IS NOT NULL ORDER BY exchange;
