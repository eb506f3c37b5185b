-- claim: Whoever pages through all payments sees each that was there at the beginning exactly once, though others pay meanwhile, and comes to an end.
-- need: exactly
-- unit: payments missed or seen twice, and wrong ends
-- with:
WITH pages AS (
  SELECT b.talk AS reader, e.exchange, e.started_us, CASE WHEN e.status = 200 AND json_valid(e.answer) THEN e.answer END AS page
  FROM browsing b JOIN exchanges e ON e.source = 'browsing' AND e.no = b.no WHERE e.method = 'GET' AND e.outcome <> 'refused'
),
walks AS (SELECT reader, min(started_us) AS began FROM pages GROUP BY reader),
there AS (
  SELECT w.reader, e.answer ->> '$.id' AS id FROM walks w
  JOIN exchanges e ON e.method = 'POST' AND e.status = 201 AND e.ended_us < w.began AND json_valid(e.answer)
),
seen AS (
  SELECT p.reader, item.value ->> '$.id' AS id FROM pages p, json_each(p.page, '$.data') AS item
),
wrong AS (
  SELECT t.reader, t.id, (SELECT count(*) FROM seen s WHERE s.reader = t.reader AND s.id = t.id) AS times FROM there t
  UNION ALL
  SELECT p.reader, 'a page after the last one', NULL FROM pages p JOIN walks w ON w.reader = p.reader
  WHERE p.started_us > w.began AND json_array_length(p.page, '$.data') = 0
  UNION ALL
  SELECT reader, 'the last page', NULL FROM walks w
  WHERE (SELECT json_type(page, '$.next') FROM pages p WHERE p.reader = w.reader ORDER BY exchange DESC LIMIT 1) IS NOT 'null'
)
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM wrong WHERE times IS NOT 1;
-- needs:
SELECT 'fewer than 20 payments were there when somebody began to page' AS missing
WHERE (SELECT count(*) FROM exchanges WHERE source = 'visits' AND status = 201) < 20;
-- counterexamples:
SELECT reader, id AS payment,
       CASE WHEN id = 'the last page' THEN 'its `next` is not null' WHEN times IS NULL THEN 'it is empty: the page before had a `next`' WHEN times = 0 THEN 'on no page' ELSE 'on ' || times || ' pages' END AS seen
FROM wrong WHERE times IS NOT 1 ORDER BY reader, id;
