"""Projects, the cache's index, leases, API keys, connections in one DynamoDB table: see `table`."""
