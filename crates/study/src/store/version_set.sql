UPDATE store_version SET version = $1
