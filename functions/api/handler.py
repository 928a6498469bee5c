"""API: answers the HTTP API's requests: posts of movies, looks at them, lists of them."""

from resplice.api import app
from resplice.wiring import aws

handler = aws.observed(app.handler(aws.service()))
