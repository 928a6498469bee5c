"""Paint: paints a batch of a movie's texts in the browser and stores them."""

from resplice.wiring import aws

handler = aws.step("paint")
