"""Which voice says a text: what was asked for, what is offered, and the text made ready for it."""
