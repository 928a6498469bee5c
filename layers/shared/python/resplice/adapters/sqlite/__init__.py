"""Projects, the cache's index, leases and API keys in one SQLite file."""
