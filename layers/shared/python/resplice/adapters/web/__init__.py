"""Downloads from hostile places."""
