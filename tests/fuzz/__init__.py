"""Fuzzing: what is made by rules and by chance goes into every reader of strangers' bytes.

`make fuzz MINUTES=n` shares the time evenly among TARGETS. `laws` says what must hold for every
input, `hunt` makes inputs until the time is over, `placed` is where a target is tried and has the
canaries, `targets/` has a file for each kind of input. Nothing hostile is stored: media are made by
FFmpeg and then damaged.
"""
