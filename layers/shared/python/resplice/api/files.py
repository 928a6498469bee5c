"""Files: movies and owners' files where nothing else serves them: the way to where they lie.

What CloudFront is elsewhere: no key is asked for, all pages may read, and other paths are unknown.
"""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from resplice.api.answers import answer
from resplice.core.public_files import key_at, noun_of
from resplice.ports.downloads import Downloads

LASTS_SECONDS = 3600
"""A player asks the address that it was sent to for one piece after the other."""
METHODS = "GET, HEAD, OPTIONS"
ANY_PAGE = {"Access-Control-Allow-Origin": "*"}


def file_response(
    path: str, method: str, downloads: Downloads, now_ms: int
) -> Response[str] | None:
    """The answer about a file; None when the path is no file's. Raises StorageError."""
    key = key_at(path)
    if key is None:
        return None
    if method == "OPTIONS":
        allowed = {"Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "range"}
        return Response(204, None, None, {"Allow": METHODS, **allowed, **ANY_PAGE})
    if method not in ("GET", "HEAD"):
        said = f"Method not allowed: a {noun_of(key)} takes {METHODS}"
        told = {"success": False, "message": said}
        return answer(405, told, now_ms, {"Allow": METHODS, **ANY_PAGE})
    url = downloads.url(key, "HEAD" if method == "HEAD" else "GET", LASTS_SECONDS)
    if url is None:
        told = {"success": False, "message": f"There is no such {noun_of(key)}"}
        return answer(404, told, now_ms, dict(ANY_PAGE))
    return Response(302, None, None, {"Location": url, "Cache-Control": "no-store", **ANY_PAGE})
