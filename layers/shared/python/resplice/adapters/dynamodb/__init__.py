"""Projects, the cache's index, leases and API keys in one DynamoDB table: see `table`."""
