"""Element: downloads a batch of a movie's sources, looks what they are, stores them."""

from resplice.wiring import aws

handler = aws.step("element")
