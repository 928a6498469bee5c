"""Lane: takes a project through all steps but the last, as far as one call is the better way."""

from resplice.wiring import aws, aws_lane

handler = aws.observed(aws_lane.handler())
