SELECT version FROM store_version
