"""Links that people share files with: made direct, and what services answer instead of the file.

Pure. Google Drive and Dropbox lead to a page that shows a file; what is wanted is the file. A page
of theirs may ask first, or want a visitor signed in.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import (
    SplitResult,
    parse_qs,
    parse_qsl,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

GOOGLE_DRIVE, DROPBOX = "Google Drive", "Dropbox"
DOWNLOADS = "drive.usercontent.google.com"
_SERVICES = {
    "drive.google.com": GOOGLE_DRIVE,
    "docs.google.com": GOOGLE_DRIVE,
    DOWNLOADS: GOOGLE_DRIVE,
    "www.dropbox.com": DROPBOX,
    "dropbox.com": DROPBOX,
    "m.dropbox.com": DROPBOX,
}
_FILE = re.compile(r"(?:/a/[\w.-]+)?/file/(?:u/\d+/)?d/([\w-]+)(?:/|$)")
_BY_ID = re.compile(r"(?:/a/[\w.-]+)?(?:/u/\d+)?/(?:open|uc|download)")
_FOLDER = re.compile(r"(?:/a/[\w.-]+)?/(?:drive/(?:u/\d+/)?(?:mobile/)?folders|folderview)\b")
_SIGN_IN = {
    "accounts.google.com": "/",
    "www.dropbox.com": "/login",
    "dropbox.com": "/login",
}
_FORMS = ("download-form", "downloadForm")
MAX_FIELDS = 50


def service_of(url: str) -> str | None:
    """Which service the link is of: `Google Drive`."""
    parts = _parts(url)
    return _SERVICES.get(parts.hostname or "") if parts else None


def direct_link(url: str) -> str:
    """The direct download form of a public Google Drive or Dropbox share link; others as given."""
    url = url.strip()
    parts, service = _parts(url), service_of(url)
    if parts and service == GOOGLE_DRIVE:
        return _google_drive(parts) or url
    if parts and service == DROPBOX:
        return _dropbox(parts)
    return url


def no_file(url: str) -> str | None:
    """Why the link cannot lead to a file, in words; None when it may."""
    parts = _parts(url)
    if parts and service_of(url) == GOOGLE_DRIVE and _FOLDER.match(parts.path):
        return "the link is of a folder of Google Drive: share the file itself"
    return None


def asks_to_sign_in(url: str) -> bool:
    """Whether a redirect to there asks who is there, which only a private file does."""
    parts = _parts(url)
    begins = _SIGN_IN.get(parts.hostname or "") if parts else None
    return bool(parts and begins and (parts.path or "/").startswith(begins))


def private(service: str) -> str:
    """That the file is not for everyone, in words."""
    return f"the file is private: let everyone with the link see it on {service}"


def instead_of_file(service: str, page: str) -> str:
    """What a page says that came in the place of the file, in words."""
    if re.search(r"quota exceeded|too many users have viewed", page, re.I):
        return f"{service} has given it away too often today: try again tomorrow"
    return private(service)


def confirmed(page: str, at: str) -> str | None:
    """Where a page leads that asks before it gives a large file; None for any other page."""
    form = _Form()
    form.feed(page)
    if form.action is None:
        return None
    target = urlsplit(urljoin(at, form.action))
    if target.hostname not in _SERVICES:
        return None
    fields = [*parse_qsl(target.query), *form.fields[:MAX_FIELDS]]
    return urlunsplit((target.scheme, target.netloc, target.path, urlencode(fields), ""))


class _Form(HTMLParser):
    """The form of a page that asks before a download: where it leads, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form" and said.get("id") in _FORMS and self.action is None:
            self.action, self._inside = said.get("action") or "", True
        elif tag == "input" and self._inside and said.get("type") == "hidden":
            self.fields.append((said.get("name") or "", said.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        return parts if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _google_drive(parts: SplitResult) -> str | None:
    query = parse_qs(parts.query)
    named = _FILE.match(parts.path)
    ids = query.get("id", []) if _BY_ID.fullmatch(parts.path) else []
    file_id = named[1] if named else next(iter(ids), None)
    if not file_id:
        return None
    # `confirm` skips the page that says the file is too large to be scanned for viruses.
    wanted = {"id": file_id, "export": "download", "confirm": "t"}
    if "resourcekey" in query:
        wanted["resourcekey"] = query["resourcekey"][0]
    return f"https://{DOWNLOADS}/download?{urlencode(wanted)}"


def _dropbox(parts: SplitResult) -> str:
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("dl", "raw")]
    host = "www.dropbox.com" if parts.hostname == "m.dropbox.com" else parts.netloc
    return urlunsplit(("https", host, parts.path, urlencode([*kept, ("dl", "1")]), ""))
