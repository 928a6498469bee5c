"""The settings of a component element, read by what its declaration says: groups for its page.

Every fault is gathered, with the keys that lead to it; what is unknown is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from functools import partial
from itertools import count
from typing import Any

from resplice.core.declarations import Declaration, Group, Setting
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.elements.component import animate, fitted, styling
from resplice.core.elements.component.animate import Animate
from resplice.core.elements.component.files import place_of
from resplice.core.elements.component.markup import Safe
from resplice.core.elements.component.values import READERS
from resplice.core.text import css
from resplice.core.text.css_urls import FONT_KEY, is_bare, urls_in, with_urls, without_urls
from resplice.core.text.settings import PLACES, flex
from resplice.frozen import frozen

NOTHING = Safe("")
Fault = tuple[DocumentPath, str]
Link = Callable[[DocumentPath], str]
"""A file's place inside the element to its URL in the page."""


@frozen
class Values:
    """A group as a template gets it.

    given   whether the document says anything of it
    css     its declarations, lengths of the canvas in pixels
    text    its paragraphs
    place   CSS of a flex box that has the group where it wants to lie
    fit     attributes of an element whose font size the painter is to find
    animate where it moves
    """

    name: str
    given: bool = False
    css: str = ""
    text: tuple[Safe, ...] = ()
    place: str = ""
    fit: Safe = NOTHING
    animate: Animate | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.settings[name]


@frozen
class Reading:
    """What came of settings. groups: by the names that documents use."""

    groups: Mapping[str, Values]
    faults: tuple[Fault, ...]


@frozen
class Frame:
    """What the settings are read for: the element's canvas, its files in the page, and the family
    of each group that has its own font.
    """

    width: int
    height: int
    link: Link = lambda place: "about:blank"
    families: Mapping[str, str] = field(default_factory=dict)


def read(declaration: Declaration, said: Mapping[str, Any], frame: Frame) -> Reading:
    """The groups of the declaration, with what the document says over their defaults."""
    groups, faults = dict[str, Values](), list[Fault]()
    for name, group in _own_names(declaration):
        key = _key_of(declaration, name, said)
        values, found = _group(key, group, said, frame)
        groups[name] = replace(values, name=name, given=said.get(key) is not None)
        faults += found
    return Reading(groups, tuple(faults))


def faults(declaration: Declaration, said: Mapping[str, Any], frame: Frame) -> Iterator[Fault]:
    """The same faults, of a declaration whose defaults have none: only what is said is read."""
    for name, group in _own_names(declaration):
        key = _key_of(declaration, name, said)
        if said.get(key) is not None:
            yield from _group(key, group, said, frame)[1]


def _group(
    key: str, group: Group, said: Mapping[str, Any], frame: Frame
) -> tuple[Values, list[Fault]]:
    values, unfit = _said(key, said.get(key))
    reading = _GroupReading(key, group, values, frame)
    return reading.values(), [*unfit, *reading.faults]


def unknown(declaration: Declaration, said: Mapping[str, Any]) -> Iterator[DocumentPath]:
    """Groups, and settings in groups, that do nothing."""
    groups = declaration.by_name()
    for name, values in said.items():
        if name not in groups:
            yield ("settings", name)
        elif isinstance(values, Mapping):
            for key in values:
                if not is_known(key, groups[name]):
                    yield ("settings", name, key)
        elif _is_lost(values, groups[name]):
            yield ("settings", name)


def known_in(declaration: Declaration, place: DocumentPath) -> list[str]:
    """The names that may stand where that unknown one does."""
    groups = declaration.by_name()
    if len(place) < 3:
        return list(groups)
    group = groups[str(place[1])]
    return [*group.settings, *(styling.KNOWN if group.css else ())]


def _own_names(declaration: Declaration) -> Iterator[tuple[str, Group]]:
    for name, group in declaration.groups.items():
        yield from ((each, group) for each in group.names(name))


def _key_of(declaration: Declaration, name: str, said: Mapping[str, Any]) -> str:
    """The key that says the group; of two names for it its own counts."""
    others = [other for other, own in declaration.synonyms.items() if own == name]
    return next((key for key in (name, *others) if said.get(key) is not None), name)


def _said(key: str, value: Any) -> tuple[Mapping[str, Any], list[Fault]]:
    """What a group is set to; a text alone is its `text`."""
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if each is not None}, []
    if isinstance(value, bool) or not isinstance(value, str | int | float | list | None):
        return {}, [(("settings", key), f"'{key}' must be an object of settings, or a text")]
    return {} if value is None or value == [] else {"text": value}, []


def _is_lost(value: Any, group: Group) -> bool:
    """Whether it stands for a `text` that the group has not."""
    return value not in (None, []) and "text" not in group.settings


def is_known(key: str, group: Group) -> bool:
    """Whether something is done with a setting of that name."""
    own = key in group.settings or (key == "animate" and group.animate)
    if not group.css:
        return own
    special = key in styling.PLACES or key in (FONT_KEY, fitted.LEAST, fitted.MOST)
    return own or special or styling.is_property(key) or styling.is_dropped(key)


class _GroupReading:
    """One group being read. Defaults are read like what the document says, but at no fault."""

    def __init__(self, key: str, group: Group, said: Mapping[str, Any], frame: Frame) -> None:
        self.faults: list[Fault] = []
        self._key, self._group, self._said, self._frame = key, group, said, frame
        self._all = styling.over(group.defaults, said)

    def values(self) -> Values:
        rules, places = self._rules(), self._places()
        settings = {name: self._setting(name, each) for name, each in self._group.settings.items()}
        fit, moves = self._fit(rules), self._animate()
        if moves and "points" in settings:
            settings["points"], moves = animate.evened(settings["points"], moves)
        align = rules.get("text-align", "left")
        return Values(
            self._key,
            css=self._pixels(css.joined(rules)),
            text=settings.pop("text", ()) or (),
            place=css.joined(flex(places, align)),
            fit=fit,
            animate=moves,
            settings=settings,
        )

    def _try(self, key: str, read: Callable[[], Any], fallback: Any, *deeper: str) -> Any:
        """What is read, or the fallback after a fault."""
        try:
            return read()
        except ValueError as fault:
            self._fault(str(fault), key, *deeper)
            return fallback

    def _fault(self, words: str, *keys: str) -> None:
        whole = f"the setting '{shortened(keys[-1])}' of '{self._key}' {words}"
        self.faults.append((("settings", self._key, *keys), whole))

    def _rules(self) -> dict[str, str]:
        rules = dict[str, str]()
        own = self._frame.families.get(self._key)
        for name, value in self._all.items():
            if name in self._group.settings or name in styling.PLACES or self._is_auto(name):
                continue
            if styling.is_property(name) and not styling.is_dropped(name):
                rules |= self._try(name, partial(self._css, name, value, own), {})
        if own and "font-family" not in rules:
            rules |= styling.declarations("font-family", "Inter", own)
        return rules

    def _css(self, name: str, value: Any, own_family: str | None) -> dict[str, str]:
        """The CSS of one setting."""
        if name not in self._said or not urls_in(name, value):
            return styling.declarations(name, value, own_family)
        if is_bare(name, value):
            return {name: f'url("{self._frame.link(place_of(self._key, name))}")'}
        styling.declarations(name, without_urls(value))
        return {name: self._linked(name, value)}

    def _linked(self, name: str, value: str) -> str:
        """The value, its files as the page has them."""
        numbers = count()

        def link(url: str) -> str:
            return self._frame.link(place_of(self._key, name, next(numbers)))

        return with_urls(name, value, link)

    def _is_auto(self, name: str) -> bool:
        return name == "font-size" and fitted.is_fitted(self._all)

    def _places(self) -> dict[str, str]:
        found = dict[str, str]()
        for name, value in self._all.items():
            if name in styling.PLACES:
                choices = PLACES[styling.PLACES[name]]
                place = str(value).strip().lower()
                if place in choices:
                    found[styling.PLACES[name]] = place
                else:
                    self._fault(f"must be one of {', '.join(choices)}", name)
        return found

    def _fit(self, rules: dict[str, str]) -> Safe:
        """Marks of a size that is to be found, which begins as the largest."""
        if not fitted.is_fitted(self._all):
            return NOTHING
        width, height = self._frame.width, self._frame.height
        bounds = [
            self._try(name, partial(fitted.bound_px, self._all[name], width, height), None)
            if name in self._all
            else None
            for name in (fitted.LEAST, fitted.MOST)
        ]
        return fitted.attributes(bounds[0], bounds[1], height)

    def _setting(self, name: str, setting: Setting) -> Any:
        value = self._said.get(name, setting.default)
        if setting.kind == "image":
            if value is not None and not isinstance(value, str):
                self._fault("must be the URL of a picture", name)
            named = name in self._said and urls_in(name, value)
            return self._frame.link(place_of(self._key, name)) if named else ""
        if value is None:
            return "" if setting.kind != "list" else ()
        if setting.kind == "markup" and isinstance(value, str):
            value = self._linked(name, value)
        read = READERS[setting.kind]
        found = self._try(name, lambda: read(value, setting), "")
        if setting.kind != "css":
            return found
        return tuple(map(self._pixels, found)) if isinstance(found, tuple) else self._pixels(found)

    def _animate(self) -> Animate | None:
        said = self._said.get("animate")
        if not self._group.animate or not said:
            return None
        if not isinstance(said, Mapping):
            self._fault('must be an object: {"left": "40%", "duration": 1500}', "animate")
            return None
        targets, times = dict[str, str](), dict[str, Any]()
        for name, value in said.items():
            if value is None:
                continue
            if name in animate.TIMES:
                read = partial(animate.time_of, name, value)
                times |= self._try("animate", read, {}, name)
            elif animate.is_target(name):
                read = partial(animate.target, name, value)
                targets |= self._try("animate", read, {}, name)
        moved = animate.in_pixels(targets, self._frame.width, self._frame.height)
        return Animate(moved, **times)

    def _pixels(self, text: str) -> str:
        return css.in_pixels(text, self._frame.width, self._frame.height)
