"""What a Lambda function tells of itself."""
