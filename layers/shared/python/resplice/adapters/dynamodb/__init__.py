"""Projects, the cache's index, leases, keys, connections, templates in one table: see `table`."""
