"""Work in threads of this process."""
