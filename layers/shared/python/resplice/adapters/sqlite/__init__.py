"""Projects, the cache's index, leases, keys, connections and templates in one SQLite file."""
