"""Movie: mixes the sound and stitches the pieces of a movie together."""

from resplice.wiring import aws

handler = aws.step("movie")
