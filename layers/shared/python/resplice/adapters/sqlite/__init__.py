"""Projects, the cache's index, leases, API keys and connections in one SQLite file."""
