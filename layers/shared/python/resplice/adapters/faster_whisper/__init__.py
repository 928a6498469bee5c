"""faster-whisper: an optional recogniser of many languages, with weights of the user's own."""
