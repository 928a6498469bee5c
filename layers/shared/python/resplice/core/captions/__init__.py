"""Captions: words with times to pages that the browser paints, and to frames that show them.

One value goes through it: files (`parsing`) and transcripts become lines (`lines`), lines become
sheets (`sheets`, `page`), and each sheet says which of its pictures is seen when (`showing`).
`settings` holds how they look; `ass` is the file that says all of it and is read back.
"""
