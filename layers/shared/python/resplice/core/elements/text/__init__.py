"""Text: a picture of words that the browser paints."""
