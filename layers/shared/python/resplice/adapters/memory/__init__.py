"""What one process keeps in its memory."""
