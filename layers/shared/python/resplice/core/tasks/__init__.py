"""Kinds of work: frozen values that say what is to be made."""
