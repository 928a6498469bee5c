"""The studio: a page to edit movies and to see what is reused of them. It works with this API.

Its files are built beforehand, and named by their content. It loads nothing from anybody else but
the movies and files of this installation, where others keep those.
"""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response

from resplice.api.operation import ANY_OBJECT, Answer, Call, Operation, described
from resplice.api.service import Service
from resplice.core.schema.json_schema import json_schema
from resplice.errors import NotFound

PATH, INDEX = "/studio", "index.html"
NOT_BUILT = "The studio is not built here: `make setup` does that"
TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "webp": "image/webp",
    "jpg": "image/jpeg",
}
FOR_EVER = "public, max-age=31536000, immutable"


def get_studio(call: Call, service: Service) -> Answer:
    content = service.pages(INDEX)
    if content is None:
        raise NotFound(NOT_BUILT)
    headers = {
        "Content-Security-Policy": policy(service),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    return _file(content, INDEX, call, headers)


def get_studio_file(call: Call, service: Service) -> Answer:
    name = call.parts["file"]
    content = service.pages(name)
    if content is None or name == INDEX:
        raise NotFound("There is no such file of the studio")
    return _file(content, name, call, {"Cache-Control": FOR_EVER})


def policy(service: Service) -> str:
    """What the page may load, as a Content-Security-Policy."""
    movies = urlsplit(service.base_url)
    stores = " ".join(dict.fromkeys([f"{movies.scheme}://{movies.netloc}", *service.stores()]))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob: {stores}; media-src 'self' blob: {stores}; "
        f"connect-src 'self' {stores}; font-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


def get_schema(call: Call, service: Service) -> Answer:
    return {"schema": json_schema(service.ports.components.all())}


def _file(content: bytes, name: str, call: Call, headers: dict[str, str]) -> Response[bytes]:
    compressed = "gzip" in call.headers.get("accept-encoding", "")
    told = {**headers, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    if compressed:
        told["Content-Encoding"] = "gzip"
    body = content if compressed else gzip.decompress(content)
    return Response(200, TYPES[name.rpartition(".")[2]], body, dict(told))


OPERATIONS = (
    Operation(
        *("GET", PATH, get_studio),
        role=None,
        summary="A page to edit movies, and to see what is reused of them",
        answer={"type": "string"},
        errors=(NotFound,),
        media=TYPES["html"],
    ),
    Operation(
        *("GET", f"{PATH}/{{file}}", get_studio_file),
        role=None,
        summary="What that page loads",
        answer={"type": "string"},
        errors=(NotFound,),
        media=TYPES["js"],
    ),
    Operation(
        *("GET", "/v2/schema", get_schema),
        role="viewer",
        summary="The JSON Schema of movies, for editors",
        description="Of 2020-12, with the settings of all components that there are.",
        answer=described("Schema", schema=ANY_OBJECT),
    ),
)
