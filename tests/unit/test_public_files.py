"""Which paths lead to stored files, and to which."""

from __future__ import annotations

import pytest
from resplice.core.public_files import key_at, movie_key_at, noun_of

NAME = "0123456789abcdef" * 4
TOKEN = "A" * 22


@pytest.mark.parametrize("ending", ["mp4", "ass", "jpg", "png"])
def test_a_movie_its_captions_and_its_poster_are_where_their_digest_says(ending: str) -> None:
    key = f"movies/{NAME}.{ending}"
    assert movie_key_at(f"/{key}") == key_at(f"/{key}") == key
    assert noun_of(key) == "movie"


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "/movies/", f"movies/{NAME}.mp4", f"//movies/{NAME}.mp4"),
        *(
            f"/movies/{NAME}.json",
            f"/movies/{NAME}.mov",
            f"/movies/{NAME[1:]}.mp4",
            f"/movies/{NAME.upper()}.mp4",
        ),
        *(f"/movies/{NAME}.mp4/", f"/movies/{NAME}.mp4\n", f"/movies/../movies/{NAME}.mp4"),
        *(f"/elements/{NAME}.mp4", f"/scenes/{NAME}.mp4", "/runs/x", f"/movies/x/{NAME}.mp4"),
        *("/media/", "/media/files/", "/media/other/a/b.png", "/media/files/../b.png"),
    ],
)
def test_nothing_else_leads_anywhere(path: str) -> None:
    assert movie_key_at(path) is None
    assert key_at(path) is None
