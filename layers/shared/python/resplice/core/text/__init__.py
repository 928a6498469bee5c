"""Text: settings and styles to CSS, and the page that a browser paints."""
