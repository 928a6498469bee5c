"""Video: a clip from a file, seen and heard."""
