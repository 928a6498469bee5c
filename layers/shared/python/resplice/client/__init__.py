"""A client of the HTTP API, for Python programs: Resplice's, and JSON2Video's own.

    from resplice.client import Client

    client = Client("http://127.0.0.1:8080", "my-key")
    movie = client.render({"scenes": [{"duration": 2, "background-color": "#123456"}]})
    client.download(movie, "movie.mp4")

It needs nothing of the rest of this package, and nobody in it needs this.

client      all calls on movies; templates, media: those of each
transport   requests, repeated where that is safe, and answers as JSON
waiting     how long to pause between two looks at a movie
files       a download, whole or not at all
values      what answers hold
errors      what may go wrong
"""

from resplice.client.client import Client
from resplice.client.errors import (
    ApiError,
    ClientError,
    Invalid,
    NoAnswer,
    RenderFailed,
    StillRendering,
)
from resplice.client.values import (
    CacheReport,
    MediaFile,
    MediaFolder,
    Movie,
    MoviePage,
    Plan,
    Storage,
    Template,
)

__all__ = [
    "ApiError",
    "CacheReport",
    "Client",
    "ClientError",
    "Invalid",
    "MediaFile",
    "MediaFolder",
    "Movie",
    "MoviePage",
    "NoAnswer",
    "Plan",
    "RenderFailed",
    "StillRendering",
    "Storage",
    "Template",
]
