SELECT interview, hours_per_week, made_at_ms FROM plan
