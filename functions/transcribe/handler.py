"""Transcribe: has what is said in a source found out, and stores the words."""

from resplice.wiring import aws

handler = aws.step("transcribe")
