"""Audio: the sound of a file."""
