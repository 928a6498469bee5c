"""Pure: values in, values out.

Nothing below this folder does I/O, reads a clock, the environment or randomness, or imports
from steps, adapters or wiring. A file or folder per stage of the one way that data takes:
document → schema → sources → timeline → plan → filtergraph.

What there may be many of is a table, and a row is all that the others ask: types of elements
(elements.TYPES), kinds of work (tasks.TASKS), kinds of facts (facts.FACTS), kinds of pictures
(composition.PICTURES with filtergraph.pictures.READERS), text styles (text.styles.STYLES).
"""
