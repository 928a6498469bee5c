"""The studio for every hand, eye and window: fingers, readers of screens, dark and narrow ones."""

from __future__ import annotations

import json

from studio_page import StudioPage, small, violations

IS_KEPT = """(async said => {
    const block = document.querySelector('.block');
    for (const [kind, button] of said)
        block.dispatchEvent(new PointerEvent(kind, {bubbles: true, button}));
    document.querySelector('.timeline .window').dispatchEvent(new Event('scroll'));
    await new Promise(done => setTimeout(done, 300));
    return block.isConnected;
})(%s)"""
"""Whether a block is not drawn anew while these come to it, and for a while after."""


def test_readers_of_screens_find_their_way_in_light_and_dark(studio: StudioPage) -> None:
    studio.write(small("Rendered", "Reused"))
    studio.render()
    studio.write(small("Rendered anew", "Reused"))
    studio.says("1 of 2")
    found = []
    for dark in (False, True):
        for tab in ("variables", "library", "renders", "cache"):
            studio.page.see(1440, 900, dark=dark)
            studio.page.click(f"#tab-{tab}")
            found += [
                f"{tab}, dark {dark}: {said}" for said in violations(studio.page, f"#panel-{tab}")
            ]
        studio.page.click("#tab-document")
        for width, height in ((1440, 900), (820, 1180), (390, 844)):
            studio.page.see(width, height, dark=dark)
            found += [f"{width}, dark {dark}: {said}" for said in violations(studio.page, "body")]
            wide = studio.page.js("document.documentElement.scrollWidth")
            assert wide <= width, "nothing is wider than the window"
    assert not found, "\n".join(found)


def test_a_finger_drags_scrubs_and_taps(studio: StudioPage) -> None:
    page = studio.page
    page.do("Emulation.setTouchEmulationEnabled", enabled=True)
    page.see(390, 844)
    document = small("Touch", "Me")
    studio.write(document)
    studio.says("2 of 2")
    block = '[data-path="scenes[1].elements[0]"]'
    page.tap(block, f"!!document.querySelector('{block}[aria-pressed=true]')")
    assert studio.chosen()["text"] == "Me"
    page.sees("The frame at 1.50 s")
    studio.shows("#503010")
    page.wait("parseInt(document.querySelector('.handle').style.width) < 90")
    scale = 320 / page.js("document.querySelector('.stage').clientWidth")
    x, y = page.middle(".handle")
    page.touch((x, y), (x - 20, y + 10), (x - 60, y + 30))
    page.wait("document.querySelector('.cm-content').textContent.includes('\"y\"')")
    moved = studio.document()["scenes"][1]["elements"][0]
    assert (moved["x"], moved["y"]) == (round(-60 * scale), round(30 * scale))
    x, y = page.middle(".ruler")
    page.touch((x, y), (x - 40, y), (x - 80, y))
    page.sees("The frame at 0.")
    studio.shows("#103050")


def test_only_what_is_pressed_is_not_drawn_anew(studio: StudioPage) -> None:
    down, up, right = ("pointerdown", 0), ("pointerup", 0), ("pointerdown", 2)

    def is_kept(*said: tuple[str, int]) -> bool:
        return bool(studio.page.js(IS_KEPT % json.dumps(said)))

    studio.write(small("Pressed"))
    studio.says("1 of 1")
    assert not is_kept() and not is_kept(down, up)
    assert not is_kept(right)
    assert is_kept(down, up, down)
    assert not is_kept(up)
