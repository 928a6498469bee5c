"""What a provider asks for its work: PRICES, from the lists that providers publish.

A list price is not a bill: free allowances, discounts, taxes and regions are not in it. What no
source was found for is not in the table, and its price is unknown; nothing is guessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import cast

from resplice.core.bill import Bill, Unit
from resplice.frozen import frozen

RUNS_HERE = frozenset({"kokoro", "espeak", "pocketsphinx", "whisper", "placeholder"})
"""Providers that work on the operator's own machine, and ask for nothing."""

MEGAPIXEL = 1024 * 1024

_IMITATED = frozenset({"openai"})
"""Others speak like them, at the `endpoint` of a connection, for prices of their own."""
_BY_QUALITY = frozenset({"openai"})
"""What a picture costs depends on its `quality`, which is unknown where nobody says it."""

_CHINESE = (
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)


@frozen
class Source:
    """Where a price is published.

    read        the day it said so, as YYYY-MM-DD
    first_hand  whether the page itself was read; else somebody who quotes it
    """

    address: str
    read: str
    first_hand: bool


@frozen
class Price:
    """What a model asks.

    per      dollars for one unit, exact
    further  dollars more for each begun megapixel after the first; None when that is not known
    minimum  units that a request is billed for at least
    """

    per: Fraction
    further: Fraction | None
    minimum: int
    source: Source


@frozen
class Cost:
    """What a piece of work costs by the list. micro_usd: millionths of a dollar; None: unknown."""

    provider: str
    unit: Unit
    units: float
    micro_usd: int | None


@frozen
class Total:
    """What several pieces of work cost. unknown: how many of them have no known price."""

    micro_usd: int
    unknown: int

    def __add__(self, other: Total) -> Total:
        return Total(self.micro_usd + other.micro_usd, self.unknown + other.unknown)


FREE = Total(0, 0)

SOURCES = {
    "polly": Source("https://aws.amazon.com/polly/pricing/", "2026-10-07", False),
    "azure": Source(
        "https://azure.microsoft.com/pricing/details/cognitive-services/speech-services/",
        *("2026-10-04", False),
    ),
    "elevenlabs": Source("https://elevenlabs.io/pricing/api", "2026-10-04", False),
    "eleven-june": Source("https://elevenlabs.io/pricing/api", "2026-06-01", False),
    "transcribe": Source("https://aws.amazon.com/transcribe/pricing/", "2026-10-01", False),
    "openai": Source("https://developers.openai.com/api/docs/models", "2026-11-28", True),
    "openai-quoted": Source("https://developers.openai.com/api/docs/models", "2026-06-01", False),
    "bedrock": Source("https://aws.amazon.com/bedrock/pricing/", "2026-09-01", False),
    "replicate": Source("https://replicate.com/pricing", "2026-10-07", False),
    "fal": Source("https://fal.ai/models", "2026-11-28", True),
    "fal-quoted": Source("https://fal.ai/pricing", "2026-05-25", False),
    "bfl": Source("https://docs.bfl.ai/quick_start/pricing", "2026-11-28", True),
    "bfl-quoted": Source("https://bfl.ai/pricing", "2026-01-21", False),
}

# provider, unit, model (- for the usual one), dollars, for so many units, further, minimum, source
_ROWS = """
polly             characters -                              16      1000000 0      0  polly
polly             characters standard                       4       1000000 0      0  polly
polly             characters neural                         16      1000000 0      0  polly
polly             characters generative                     30      1000000 0      0  polly
polly             characters long-form                      100     1000000 0      0  polly
azure             characters -                              15      1000000 0      0  azure
azure             characters neural-hd                      22      1000000 0      0  azure
azure             seconds    -                              0.36    3600    0      0  azure
elevenlabs        characters -                              80      1000000 0      0  elevenlabs
elevenlabs        characters eleven_multilingual_v2         80      1000000 0      0  elevenlabs
elevenlabs        characters eleven_flash_v2_5              40      1000000 0      0  elevenlabs
elevenlabs        characters eleven_v3                      100     1000000 0      0  eleven-june
elevenlabs        seconds    -                              0.22    3600    0      0  eleven-june
elevenlabs        seconds    scribe_v1                      0.22    3600    0      0  eleven-june
elevenlabs        seconds    scribe_v2                      0.22    3600    0      0  eleven-june
amazon-transcribe seconds    -                              0.024   60      0      15 transcribe
openai            seconds    -                              0.006   60      0      0  openai
openai            seconds    whisper-1                      0.006   60      0      0  openai
openai            seconds    gpt-transcribe                 0.0045  60      0      0  openai
openai            pictures   gpt-image-1-mini/low           0.005   1       0.001  0  openai
openai            pictures   gpt-image-1-mini/medium        0.011   1       0.004  0  openai
openai            pictures   gpt-image-1-mini/high          0.036   1       0.016  0  openai
openai            pictures   gpt-image-1.5/low              0.009   1       0.004  0  openai-quoted
openai            pictures   gpt-image-1.5/medium           0.034   1       0.017  0  openai-quoted
openai            pictures   gpt-image-1.5/high             0.133   1       0.067  0  openai-quoted
bedrock           pictures   amazon.nova-canvas-v1:0        0.04    1       0.02   0  bedrock
bedrock           pictures   stability.sd3-5-large-v1:0     0.08    1       0      0  bedrock
replicate         pictures   black-forest-labs/flux-schnell 0.003   1       0      0  replicate
replicate         pictures   black-forest-labs/flux-dev     0.025   1       0      0  replicate
replicate         pictures   black-forest-labs/flux-1.1-pro 0.04    1       0      0  replicate
fal               pictures   fal-ai/flux/schnell            0.003   1       0.003  0  fal-quoted
fal               pictures   fal-ai/flux/dev                0.025   1       0.025  0  fal-quoted
fal               pictures   fal-ai/flux-pro/v1.1           0.04    1       0.04   0  fal-quoted
fal               pictures   fal-ai/flux-pro/v1.1-ultra     0.06    1       0      0  fal-quoted
fal seconds fal-ai/bytedance/seedance/v1.5/pro/text-to-video      0.05184 1       0.0648 0  fal
fal seconds fal-ai/wan-25-preview/text-to-video              0.1     1       0.05   0 fal-quoted
black-forest-labs pictures   flux-pro-1.1                   0.04    1       0      0  bfl
black-forest-labs pictures   flux-pro-1.1-ultra             0.06    1       0      0  bfl
black-forest-labs pictures   flux-kontext-pro               0.04    1       0      0  bfl
black-forest-labs pictures   flux-kontext-max               0.08    1       0      0  bfl
black-forest-labs pictures   flux-dev                       0.025   1       0      0  bfl-quoted
black-forest-labs pictures   flux-2-klein-4b                0.014   1       0.001  0  bfl
black-forest-labs pictures   flux-2-klein-9b                0.015   1       ?      0  bfl
black-forest-labs pictures   flux-2-pro                     0.03    1       0.015  0  bfl
black-forest-labs pictures   flux-2-flex                    0.05    1       ?      0  bfl
black-forest-labs pictures   flux-2-max                     0.07    1       ?      0  bfl
"""


def _read(row: str) -> tuple[tuple[str, Unit, str], Price]:
    provider, unit, model, dollars, per, further, minimum, source = row.split()
    price = Price(
        Fraction(dollars) / int(per),
        None if further == "?" else Fraction(further),
        int(minimum),
        SOURCES[source],
    )
    return (provider, cast(Unit, unit), "" if model == "-" else model), price


PRICES: dict[tuple[str, Unit, str], Price] = dict(map(_read, _ROWS.strip().splitlines()))
"""(provider, unit, the provider's own name of the model; empty for its usual one) to its price."""


def cost_of(bill: Bill) -> Cost:
    """What it costs by the list."""
    if not bill.listed:
        return Cost(bill.provider, bill.unit, bill.units, None)
    return cost(bill.provider, bill.model, bill.unit, bill.units, bill.megapixels)


def cost(provider: str, model: str, unit: Unit, units: float, megapixels: float = 1) -> Cost:
    """What that much work costs; 0 for what runs here.

    units       at least 0, of one request; seconds are billed whole where a minimum is
    megapixels  of one picture, or of a frame of a clip; 1 is MEGAPIXEL pixels
    """
    if provider in RUNS_HERE:
        return Cost(provider, unit, units, 0)
    price = PRICES.get((provider, unit, model))
    each = _each(price, megapixels) if price else None
    if price is None or each is None:
        return Cost(provider, unit, units, None)
    return Cost(provider, unit, units, math.ceil(each * _billed(price, units) * 1_000_000))


def billed_characters(provider: str, text: str) -> int:
    """How many characters of the text are billed: Azure counts each Chinese one, kanji and hanja
    too, twice (learn.microsoft.com/azure/ai-services/speech-service/text-to-speech); Polly bills
    for the sound and once more for the times of its words.
    """
    if provider == "polly":
        return 2 * len(text)
    twice = sum(map(_is_chinese, text)) if provider == "azure" else 0
    return len(text) + twice


def is_listed(provider: str, options: Iterable[tuple[str, str]]) -> bool:
    """Whether the provider's list is that of who is asked. options: (name, value) of the
    connection.
    """
    return provider not in _IMITATED or not dict(options).get("endpoint")


def picture_model(provider: str, model: str, quality: object) -> str:
    """The name that the list has for pictures of that model. quality: as the settings have it."""
    named = provider in _BY_QUALITY and isinstance(quality, str)
    return f"{model}/{quality}" if named else model


def _is_chinese(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _CHINESE)


def _each(price: Price, megapixels: float) -> Fraction | None:
    """Dollars for one unit of that size; None when it is not known."""
    more = max(0, math.ceil(megapixels) - 1)
    if more and price.further is None:
        return None
    return price.per + more * (price.further or 0)


def _billed(price: Price, units: float) -> Fraction:
    exact = Fraction(str(units))
    return Fraction(max(price.minimum, math.ceil(exact))) if price.minimum else exact


def total(costs: Iterable[Cost]) -> Total:
    """What all of it costs."""
    known = [each.micro_usd for each in costs]
    return Total(sum(each or 0 for each in known), known.count(None))


def dollars(micro_usd: int) -> str:
    """As people read it: `$0.0032`, `$0.05`, `$12.40`; what is less than `$0.0001` reads so."""
    if micro_usd < 0:
        return "-" + dollars(-micro_usd)
    exact = Decimal(micro_usd) / 1_000_000
    if exact >= 1 or not micro_usd:
        return f"${exact.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    rounding = ROUND_CEILING if exact < Decimal("0.0001") else ROUND_HALF_UP
    text = f"{exact.quantize(Decimal('0.0001'), rounding):f}"
    return "$" + (text[:-2] if text.endswith("00") else text.removesuffix("0"))
