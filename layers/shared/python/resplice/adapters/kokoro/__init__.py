"""Kokoro: neural voices of eight languages, computed here."""
