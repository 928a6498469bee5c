"""What an error shows of a URL: where it is, and not what lets others in."""

from __future__ import annotations

import time

import pytest
from resplice.errors import SourceMissing, shown


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://x.example/a.png?id=3&w=4", "https://x.example/a.png?id=3&w=4"),
        (
            "http://u:p@x/a?X-Amz-Signature=ab&b=1&token=zz#k",
            "http://…@x/a?X-Amz-Signature=…&b=1&token=…#k",
        ),
        (
            "https://x/?access_token=abc;Key=1&SIG=2&pwd=",
            "https://x/?access_token=…;Key=…&SIG=…&pwd=",
        ),
        ("https://x/me@home/a", "https://x/me@home/a"),
        ("https://hooks.slack.com/services/T000/B000/XXXX", "https://hooks.slack.com/…"),
        ("https://u:p@HOOKS.x.example/a?b=1", "https://…@HOOKS.x.example/…?b=1"),
        ("https://a.webhook.office.com/webhookb2/1", "https://a.webhook.office.com/…"),
        ("https://discord.example/api/webhooks/1/XX", "https://discord.example/…"),
        ("http://api.telegram.org/file/bot12:XX/a.jpg", "http://api.telegram.org/…"),
        ("http://api.telegram.org/bot12%3aXX/getFile", "http://api.telegram.org/…"),
        ("https://x.example/webhook-catch/XX/a.png", "https://x.example/…"),
        ("https://x.example/hook2/XX", "https://x.example/…"),
        ("https://x.example/hookah/clip.mp4", "https://x.example/hookah/clip.mp4"),
        ("https://x.example/fishhook/hook.png", "https://x.example/fishhook/hook.png"),
        ("https://hooks.x.example", "https://hooks.x.example"),
        ("file:///a%20b", "/a b"),
        ("a/b.png", "a/b.png"),
        ("file://127.0.0.1[", "file://127.0.0.1["),
        ("x" * 400, "x" * 300 + "…"),
    ],
)
def test_only_what_lets_others_in_is_cut(url: str, told: str) -> None:
    assert shown(url) == told


def test_an_error_tells_it_so() -> None:
    error = SourceMissing("https://x/a?sig=secret", "404")
    assert str(error) == "Failed to download 'https://x/a?sig=…' (404)"


@pytest.mark.parametrize("piece", ["?a", "&sig", "://", "@", ";key", "=", "a", "://hook/"])
def test_no_url_takes_long(piece: str) -> None:
    began_s = time.process_time()
    shown(piece * 500_000)
    assert time.process_time() - began_s < 1
