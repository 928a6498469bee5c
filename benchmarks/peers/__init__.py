"""The same film made by other programs, as a user of theirs would write it: `make bench-peers`.

Nothing of the product knows them: they are set up in `build/peers` and `benchmarks/peers/remotion`
by that target alone.
"""
