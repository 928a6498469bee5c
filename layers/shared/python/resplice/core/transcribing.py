"""Who is asked to transcribe: the first that is offered and knows the language. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from resplice.core.languages import AUTO, language_of
from resplice.core.providers import Access

TRUSTS_ITSELF = frozenset({"pocketsphinx"})
"""Those that hear words in music too: where a movie is spoken by us, they are not asked."""


def transcriber(language: str, model: str, offered: Iterable[Access]) -> Access | None:
    """language: BCP-47 or `auto`. model: `default` or `whisper`. None when nobody knows it."""
    return next((each for each in offered if knows(each.provider, language, model)), None)


def knows(provider: str, language: str, model: str) -> bool:
    if provider == "pocketsphinx":
        return model == "default" and language_of(language) in (AUTO, "en")
    return True
