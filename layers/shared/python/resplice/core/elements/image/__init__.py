"""Image: a picture from a file; one that moves, such as a GIF, plays for ever."""
