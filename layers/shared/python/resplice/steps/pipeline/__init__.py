"""The stages of a movie, one file each: gather → decide (core) → apply (ports)."""
