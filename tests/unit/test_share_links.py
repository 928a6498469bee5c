"""Links that people share: their direct form, and what pages of services say instead of files."""

from __future__ import annotations

import pytest
from resplice.core.share_links import (
    asks_to_sign_in,
    confirmed,
    direct_link,
    instead_of_file,
    no_file,
    private,
    service_of,
)

GOOGLE = "https://drive.usercontent.google.com/download?id=1A-b_C&export=download&confirm=t"


@pytest.mark.parametrize(
    ("shared", "direct"),
    [
        ("https://drive.google.com/file/d/1A-b_C/view?usp=sharing", GOOGLE),
        ("https://drive.google.com/file/u/0/d/1A-b_C/edit", GOOGLE),
        ("https://drive.google.com/open?id=1A-b_C", GOOGLE),
        ("https://drive.google.com/uc?export=download&id=1A-b_C", GOOGLE),
        ("https://docs.google.com/uc?id=1A-b_C", GOOGLE),
        ("  https://drive.google.com/file/d/1A-b_C/view  ", GOOGLE),
        ("http://drive.google.com/file/d/1A-b_C", GOOGLE),
        ("https://drive.google.com/file/d/1A-b_C/preview", GOOGLE),
        ("https://drive.google.com/a/example.com/file/d/1A-b_C/view", GOOGLE),
        ("https://drive.google.com/u/1/uc?id=1A-b_C&export=view", GOOGLE),
        ("https://drive.google.com/open?usp=drive_fs&id=1A-b_C", GOOGLE),
        ("https://docs.google.com/file/d/1A-b_C/edit", GOOGLE),
        ("https://drive.usercontent.google.com/download?id=1A-b_C&authuser=0", GOOGLE),
        ("https://drive.usercontent.google.com/u/0/uc?id=1A-b_C", GOOGLE),
        (
            "https://lh3.googleusercontent.com/d/1A-b_C",
            "https://lh3.googleusercontent.com/d/1A-b_C",
        ),
        (
            "https://drive.google.com/file/d/1A-b_C/view?resourcekey=0-x",
            GOOGLE + "&resourcekey=0-x",
        ),
        ("https://drive.google.com/drive/folders/1A", "https://drive.google.com/drive/folders/1A"),
        (
            "https://www.dropbox.com/scl/fi/x/a.mp4?rlkey=k&dl=0",
            "https://www.dropbox.com/scl/fi/x/a.mp4?rlkey=k&dl=1",
        ),
        ("https://www.dropbox.com/s/x/a.mp4", "https://www.dropbox.com/s/x/a.mp4?dl=1"),
        ("https://www.dropbox.com/s/x/a.mp4?raw=1", "https://www.dropbox.com/s/x/a.mp4?dl=1"),
        ("https://dropbox.com/s/x/a.mp4?dl=1", "https://dropbox.com/s/x/a.mp4?dl=1"),
        ("https://m.dropbox.com/s/x/a.mp4?m=", "https://www.dropbox.com/s/x/a.mp4?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/x/my%20a.mp4?rlkey=k&e=1&st=abc&raw=1",
            "https://www.dropbox.com/scl/fi/x/my%20a.mp4?rlkey=k&e=1&st=abc&dl=1",
        ),
        (
            "https://dl.dropboxusercontent.com/s/x/a.mp4",
            "https://dl.dropboxusercontent.com/s/x/a.mp4",
        ),
        ("https://example.com/file/d/1A/view", "https://example.com/file/d/1A/view"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_share_links_become_direct(shared: str, direct: str) -> None:
    assert direct_link(shared) == direct


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://drive.google.com/x", "Google Drive"),
        ("https://www.dropbox.com/x", "Dropbox"),
        ("https://drive.google.com.example.com/x", None),
        ("data:text/plain,drive.google.com", None),
        ("https://[bad", None),
    ],
)
def test_links_are_known_by_their_host(url: str, service: str | None) -> None:
    assert service_of(url) == service


@pytest.mark.parametrize(
    ("url", "is_folder"),
    [
        ("https://drive.google.com/drive/folders/1A?usp=sharing", True),
        ("https://drive.google.com/drive/u/0/folders/1A", True),
        ("https://drive.google.com/folderview?id=1A", True),
        ("https://drive.google.com/file/d/1A/view", False),
        ("https://example.com/drive/folders/1A", False),
    ],
)
def test_a_folder_is_no_file(url: str, is_folder: bool) -> None:
    assert ("folder of Google Drive" in (no_file(url) or "")) is is_folder


@pytest.mark.parametrize(
    ("url", "asks"),
    [
        ("https://accounts.google.com/ServiceLogin?continue=x", True),
        ("https://accounts.google.com", True),
        ("https://www.dropbox.com/login?cont=x", True),
        ("https://www.dropbox.com/s/login", False),
        ("https://example.com/login", False),
    ],
)
def test_sign_in_pages_are_known(url: str, asks: bool) -> None:
    assert asks_to_sign_in(url) is asks


ASKING = """<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head>
<body><form action="/search"><input type="hidden" name="q" value="no"></form>
<form id="download-form" action="https://drive.usercontent.google.com/download" method="get">
<input type="submit" id="uc-download-link" value="Download anyway"/>
<input type="hidden" name="id" value="1A-b_C"><input type="hidden" name="export" value="download">
<input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="a&amp;b c">
</form><input type="hidden" name="after" value="no"></body></html>"""
AT = "https://drive.usercontent.google.com/download?id=1A-b_C"


def test_a_page_that_asks_is_answered_with_its_hidden_fields() -> None:
    following = confirmed(ASKING, AT)
    assert following == f"{AT}&export=download&confirm=t&uuid=a%26b+c"


@pytest.mark.parametrize(
    "page",
    [
        "<html>nothing</html>",
        "<form id=download-form action='https://evil.example/download'>",
        "<form id=download-form action='http://127.0.0.1/'>",
        "<form id=download-form action='file:///etc/passwd'>",
        "<form id=other action='/download'>",
        "<" * 10_000,
        "",
    ],
)
def test_no_other_page_leads_anywhere(page: str) -> None:
    assert confirmed(page, AT) is None


def test_why_a_page_came_is_said_in_plain_words() -> None:
    used_up = "<title>Google Drive - Quota exceeded</title>"
    assert "too often today" in instead_of_file("Google Drive", used_up)
    assert instead_of_file("Dropbox", "<title>Sign in</title>") == private("Dropbox")
    assert "let everyone with the link see it on Dropbox" in private("Dropbox")
