SELECT interview, hours_per_week, days_off, made_at_ms FROM plan
