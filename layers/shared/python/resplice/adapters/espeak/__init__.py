"""eSpeak NG: a voice for every language, and the phonemes that neural voices are given."""
