"""Who speaks, transcribes and generates: the table, and what an installation offers of it."""

from __future__ import annotations

from dataclasses import replace

from resplice.core.providers import (
    NO_OFFERS,
    PROVIDERS,
    Access,
    Connection,
    Offers,
    does,
)

MINE = Connection("mine", "elevenlabs", (("endpoint", "https://e.example"),))
OURS = Connection("ours", "azure", (("region", "westeurope"),), default=True)
PICTURES = Connection("pictures", "fal", default=True)
KOKORO, SPHINX = Access("kokoro", build="1"), Access("pocketsphinx")
OFFERS = Offers((KOKORO, SPHINX), (MINE, OURS, PICTURES))


def test_each_provider_does_something_under_its_own_name() -> None:
    for name, kind in PROVIDERS.items():
        assert kind.name == name and kind.title and kind.services
    assert does("azure", "voices") and not does("azure", "generators")


def test_default_connections_come_before_what_is_at_hand() -> None:
    azure = Access("azure", "ours", (("region", "westeurope"),))
    assert OFFERS.by_default("voices") == (azure, KOKORO)
    assert OFFERS.by_default("transcribers") == (azure, SPHINX)
    assert OFFERS.by_default("generators") == (Access("fal", "pictures"),)
    assert NO_OFFERS.by_default("voices") == ()


def test_a_connection_is_found_by_its_id_alone() -> None:
    assert OFFERS.connection("mine") == Access("elevenlabs", "mine", MINE.settings)
    assert OFFERS.connection("elevenlabs") is None


def test_what_cannot_matter_to_a_movie_is_left_out() -> None:
    voices = OFFERS.of(["voices"])
    assert voices.at_hand == (KOKORO,) and voices.connections == (OURS,)
    assert OFFERS.of(["voices"], ["mine"]).connections == (MINE, OURS)
    assert OFFERS.of(["generators"], ["mine"]) == Offers((), (PICTURES,))
    assert OFFERS.of(["generators"]) == Offers((), (PICTURES,))
    assert OFFERS.of([]) == Offers()
    cards = replace(OFFERS, strict_voices=True, strict_fonts=True, placeholders=True)
    assert cards.of(["voices"]) == replace(OFFERS.of(["voices"]), strict_voices=True)
    assert cards.of(["fonts"]) == replace(OFFERS.of(["fonts"]), strict_fonts=True)
    assert cards.of(["generators"]) == replace(OFFERS.of(["generators"]), placeholders=True)
