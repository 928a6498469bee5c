"""Who speaks, transcribes and generates: a folder for each provider of core.providers."""
