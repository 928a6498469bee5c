"""A row of the table of element types: all that the rest of core asks about a type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.document.paths import DocumentPath
from resplice.core.elements.base import ElementBase
from resplice.core.elements.files import Address, Need
from resplice.core.elements.outcome import Heard, Passage, Shown, Surroundings
from resplice.core.providers import Offers, Service
from resplice.frozen import frozen


def _nothing_over(
    element: Any, around: Surroundings, frames: int
) -> Iterator[tuple[int, int, Shown]]:
    return iter(())


def _nothing_written(element: Any, around: Surroundings) -> str | None:
    return None


def _by_nobody(element: Any) -> tuple[Service, ...]:
    return ()


def _stands_still(element: Any, around: Surroundings) -> Passage | None:
    return None


def _no_intro(element: Any, offers: Offers) -> float | None:
    return None


def _lacks_nothing(element: Any) -> Iterator[tuple[DocumentPath, str]]:
    return iter(())


def _no_faults(element: Any, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    return iter(())


def _nothing_amiss(element: Any, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    return iter(())


def _nothing_in_vain(element: Any, around: Surroundings) -> Iterator[str]:
    return iter(())


def _as_asked(element: Any, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    return iter(())


def _no_more_files(settings: Any) -> Iterator[Address]:
    return iter(())


def _no_file(place: DocumentPath) -> Address | None:
    return None


def _no_components(element: Any) -> tuple[str, ...]:
    return ()


def _nothing_unknown(element: Any) -> Iterator[tuple[DocumentPath, list[str]]]:
    return iter(())


def _all_described(part: Any, parts: Any, components: Sequence[ComponentFolder]) -> None:
    """Its model says all that there is to say."""


@frozen
class ElementType:
    """A type of element. An `element` is of the row's model; Any, as rows of many share a table.

    model       what it may say; its `type` is the literal `name`
    needs       (element, surroundings): what must be made for it and can be, from what is known
    addresses   the files that it may name
    files_in    (its settings): further ones, where they decide which there are
    file_at     (place): the one of those that is at that place inside the element
    shown       (element, surroundings, life in frames): what is seen; None when nothing ever is
    shown_over  (element of the movie, surroundings, the movie's frames): what is seen over all
                else: (first frame, end frame, what) of each picture
    captions    (element, surroundings in which all is known): an ASS file that goes with the movie
    heard       (element, surroundings): what is heard; None when nothing ever is
    plays       (element, surroundings): the part of its own source that plays; None when still
    has_length  whether it lasts as long as it plays, when its duration does not say
    intro       (element, offers): how long its animation is said to last, seconds; 0 or None: it
                has none. What it lasts when its duration is -1, or when nothing in its scene has
                a length
    lacks       (element): (keys inside the element, what it cannot be rendered without)
    faults      (element, surroundings in which nothing is known): (keys inside the element, what is
                wrong), before anything is made
    notes       the same, what is done otherwise than it asks: nobody is kept from rendering by it
    amiss       (element, surroundings): the same, when all that it needs is known
    in_vain     (element, surroundings): what it asks for and nobody sees or hears; words that
                open with a dot are of a property
    unknown     (element): (keys inside it that do nothing, names that would do something there),
                beside fields that the model lacks
    shows_sound whether it shows all that is heard around it
    services    (element): what providers do for it, if they do: then what an installation offers
                decides what is made of it
    components  (element): the components that it is made of, by name
    described   (JSON Schema of its model, all parts of the schema, the components that there are):
                adds what the model does not say, of settings above all
    once        of several in a movie one counts: the first of the movie's own, else the first
    """

    name: str
    model: type[ElementBase]
    needs: Callable[[Any, Surroundings], Iterator[Need]]
    addresses: tuple[Address, ...] = ()
    files_in: Callable[[Any], Iterator[Address]] = _no_more_files
    file_at: Callable[[DocumentPath], Address | None] = _no_file
    shown: Callable[[Any, Surroundings, int], Shown] | None = None
    shown_over: Callable[[Any, Surroundings, int], Iterator[tuple[int, int, Shown]]] = _nothing_over
    captions: Callable[[Any, Surroundings], str | None] = _nothing_written
    heard: Callable[[Any, Surroundings], Heard | None] | None = None
    plays: Callable[[Any, Surroundings], Passage | None] = _stands_still
    has_length: bool = False
    intro: Callable[[Any, Offers], float | None] = _no_intro
    lacks: Callable[[Any], Iterator[tuple[DocumentPath, str]]] = _lacks_nothing
    faults: Callable[[Any, Surroundings], Iterator[tuple[DocumentPath, str]]] = _no_faults
    notes: Callable[[Any, Surroundings], Iterator[tuple[DocumentPath, str]]] = _as_asked
    amiss: Callable[[Any, Surroundings], Iterator[tuple[DocumentPath, str]]] = _nothing_amiss
    in_vain: Callable[[Any, Surroundings], Iterator[str]] = _nothing_in_vain
    unknown: Callable[[Any], Iterator[tuple[DocumentPath, list[str]]]] = _nothing_unknown
    services: Callable[[Any], tuple[Service, ...]] = _by_nobody
    shows_sound: bool = False
    components: Callable[[Any], tuple[str, ...]] = _no_components
    described: Callable[[Any, Any, Sequence[ComponentFolder]], None] = _all_described
    once: bool = False
