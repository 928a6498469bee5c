"""Element: downloads a batch of a movie's sources, probes them, stores them."""

from resplice.wiring import aws

handler = aws.step("element")
