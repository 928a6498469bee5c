"""The secrets of connections in AWS Secrets Manager."""
