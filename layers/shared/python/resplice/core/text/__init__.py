"""Texts to pages that a browser paints."""
