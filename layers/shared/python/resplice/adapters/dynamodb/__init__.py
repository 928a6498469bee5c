"""Records in one DynamoDB table."""
