"""Plan: cuts a movie whose elements are there into tasks, and names those that are not made."""

from resplice.wiring import aws

handler = aws.step("plan")
