SELECT id, prompt, run, added_at_ms FROM own_questions ORDER BY added_at_ms, id
