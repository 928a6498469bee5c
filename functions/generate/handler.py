"""Generate: has a picture or a clip generated, and stores it."""

from resplice.wiring import aws

handler = aws.step("generate")
