"""Scene: renders one task of a movie's plan: a segment, or a scene's sound."""

from resplice.wiring import aws

handler = aws.step("scene")
