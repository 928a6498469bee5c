"""Prepare: names the elements that a movie still needs, or says that none is missing."""

from resplice.wiring import aws

handler = aws.step("prepare")
