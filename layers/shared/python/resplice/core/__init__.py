"""Pure: values in, values out.

Nothing below this folder does I/O, reads a clock, the environment or randomness, or imports
from steps, adapters or wiring. One file per stage of the one way that data takes:
schema → expand → sources → timeline → plan → filtergraph.
"""
