"""The browser that paints."""
