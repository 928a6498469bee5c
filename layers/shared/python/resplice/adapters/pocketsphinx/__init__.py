"""PocketSphinx: a small recogniser of English that runs here, in processes of its own."""
