"""The command line: resplice components. What components there are, and what each may be told."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from resplice.cli.failures import complain
from resplice.cli.options import add_components
from resplice.core.components import ComponentFolder
from resplice.core.declarations import (
    Declaration,
    DeclarationRefused,
    Group,
    Setting,
    read_declaration,
)
from resplice.core.document.spelling import nearest
from resplice.wiring.local import components_in

SECTIONS = (
    *("Text Cards", "Lower Thirds", "Text Animations", "Items", "Shapes", "Textboxes"),
    "Your own",
)
"""In the order of the catalog; what names none is the user's own."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice components`."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="one of them: basic/000")
    add_components(parser)
    parser.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    found = {each.name: each for each in components_in(options.components).all()}
    if options.name is None:
        print("\n".join(_catalog(found.values())))
        return 0
    if options.name not in found:
        meant = nearest(options.name, found)
        hint = f"did you mean '{meant}'?" if meant else "`resplice components` lists them"
        return complain(2, f"there is no component '{options.name}'; {hint}")
    try:
        declaration = read_declaration(found[options.name].declaration)
    except DeclarationRefused as error:
        return complain(2, f"{options.name}: component.json {error}")
    print("\n".join(_component(options.name, declaration)))
    return 0


def _catalog(folders: Iterable[ComponentFolder]) -> Iterator[str]:
    sections = dict[str, list[str]]()
    for folder in folders:
        section, line = _line(folder)
        sections.setdefault(section, []).append(line)
    others = [name for name in sections if name not in SECTIONS]
    for section in (*SECTIONS, *others):
        if section in sections:
            yield section
            yield from sections[section]
            yield ""
    yield "`resplice components NAME` shows what one may be told."


def _line(folder: ComponentFolder) -> tuple[str, str]:
    try:
        declaration = read_declaration(folder.declaration)
    except DeclarationRefused as error:
        return SECTIONS[-1], f"  {folder.name:<18} cannot be used: component.json {error}"
    return declaration.section or SECTIONS[-1], f"  {folder.name:<18} {declaration.title}"


def _component(name: str, declaration: Declaration) -> Iterator[str]:
    intro_s = declaration.intro_ms / 1000
    yield f"{name}: {declaration.title}" + f" (intro {intro_s:g} s)" * bool(intro_s)
    if declaration.description:
        yield declaration.description
    for each, group in declaration.groups.items():
        yield ""
        yield _headline(each, group)
        yield from (f"  {key:<22} {value}" for key, value in group.defaults.items())
        yield from (_setting(key, setting) for key, setting in group.settings.items())
        if group.animate:
            yield "  animate                {target CSS…, duration, delay (ms), easing}"
    for other, each in declaration.synonyms.items():
        yield f"\n{other}: another name of {each}"


def _headline(name: str, group: Group) -> str:
    named = f"{name}1 … {name}{group.many}" if group.many else name
    return f"{named}: {group.description}" if group.description else named


def _setting(key: str, setting: Setting) -> str:
    default = "-" if setting.default is None else str(setting.default)
    bounds = [
        f"at least {setting.minimum:g}" if setting.minimum is not None else "",
        f"at most {setting.maximum:g}" if setting.maximum is not None else "",
        " | ".join(setting.choices),
        setting.description,
    ]
    said = "; ".join(filter(None, bounds))
    return f"  {key:<22} {default}   [{setting.kind}]" + f" {said}" * bool(said)
