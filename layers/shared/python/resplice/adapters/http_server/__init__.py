"""The HTTP server on one machine."""
