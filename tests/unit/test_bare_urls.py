"""What is secret in a URL is cut from whatever is logged; the rest stays to be read."""

from __future__ import annotations

import time

import pytest
from resplice.adapters.bare_urls import without_secrets
from resplice.errors import SourceMissing


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("https://x.example/a.png", "https://x.example/a.png"),
        ("at https://x/a?sig=1 now", "at https://x/a?… now"),
        ("HTTPS://me:pass@x:8080/@a/b#key", "HTTPS://x:8080/@a/b?…"),
        ("http://me@x?sig=1", "http://x?…"),
        ("https://x/a?sig=1,https://y/b?sig=2", "https://x/a?…"),
        ("['https://x/a','https://me:pass@y/b?c']", "['https://x/a','https://y/b?…"),
        ("https://é.x/é?sig=é\nhttp://y/#k", "https://é.x/é?…\nhttp://y/?…"),
        ("and_https://x/a?b", "and_https://x/a?…"),
        ("'https://x/a b?sig=1 2' (404)", "'https://x/a b?… (404)"),
        ("'https://x/it's?sig='1'' (404)", "'https://x/it's?… (404)"),
        ("/a/b?c=d e@f #g", "/a/b?c=d e@f #g"),
        ("to https://hooks.x.example/T0/XX?a, late", "to https://hooks.x.example/…?… late"),
        ("'https://u@x.example/hooks/XX YY' (404)", "'https://x.example/… (404)"),
    ],
)
def test_only_what_may_be_secret_goes(text: str, bare: str) -> None:
    assert without_secrets(text) == bare


def test_values_keep_their_shape() -> None:
    error = SourceMissing("https://me:pass@x/a?sig=1", "404")
    value = {"a": ["http://x?s", (None, True, 1.5)], "error": error, 7: {"https://x/?s": 2}}
    assert without_secrets(value) == {
        "a": ["http://x?…", [None, True, 1.5]],
        "error": "Failed to download 'https://x/a?… (404)",
        "7": {"https://x/?s": 2},
    }


@pytest.mark.parametrize("piece", ["://", "a", "'http://", "http://@", "'a://x ", "a.b+", "x://?"])
def test_no_text_takes_long(piece: str) -> None:
    began_s = time.process_time()
    without_secrets(piece * (300_000 // len(piece)))
    assert time.process_time() - began_s < 2
