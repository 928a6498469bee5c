"""API: answers the requests of the HTTP API, which submit movies, look at them and list them."""

from resplice.api import app
from resplice.wiring import aws

handler = aws.observed(app.handler(aws.service()))
