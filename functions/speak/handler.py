"""Speak: has a batch of a movie's texts spoken, and stores the sound."""

from resplice.wiring import aws

handler = aws.step("speak")
