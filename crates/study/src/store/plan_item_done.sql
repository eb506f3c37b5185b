UPDATE plan_items SET done_at_ms = coalesce(done_at_ms, $4) WHERE date = $1 AND task = $2 AND name = $3
