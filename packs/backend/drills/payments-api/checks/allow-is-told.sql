-- claim: A 405 tells in `Allow` which methods there are.
-- need: exactly
-- unit: answers without it
-- figure:
SELECT 0 AS need, count(*) AS got, NULL AS par FROM exchanges e
WHERE status = 405 AND NOT EXISTS (SELECT 1 FROM json_each(e.answer_headers) h WHERE lower(h.value ->> 0) = 'allow' AND upper(h.value ->> 1) LIKE '%GET%');
-- needs:
SELECT 'no answer was a 405' AS missing WHERE NOT EXISTS (SELECT 1 FROM exchanges WHERE status = 405);
-- counterexamples:
SELECT method || ' ' || path AS request, status, answer_headers AS headers, exchange FROM exchanges e
WHERE status = 405 AND NOT EXISTS (SELECT 1 FROM json_each(e.answer_headers) h WHERE lower(h.value ->> 0) = 'allow' AND upper(h.value ->> 1) LIKE '%GET%')
ORDER BY exchange;
