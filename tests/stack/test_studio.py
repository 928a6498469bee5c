"""The studio's main way on the stack: open, edit, forecast, still, render, play, compare."""

from __future__ import annotations

from browser_pages import visitor
from deployed import KEY, Deployed
from studio_page import StudioPage, small


def test_a_movie_is_edited_rendered_and_compared(deployed: Deployed) -> None:
    with visitor() as browser:
        page = browser.page()
        studio = StudioPage(page, deployed.stack.base_url, KEY)
        studio.write(small("On the stack", "Stays"))
        studio.says("This renders 2 of 2 scenes, 2 s of picture")
        # The first document may have been looked at behind the end of this one.
        page.click('[data-path="scenes[0]"]')
        studio.still()
        studio.shows("#103050")
        studio.render()
        studio.write(small("Edited on the stack", "Stays"))
        studio.says("This renders 1 of 2 scenes, 1 s of picture")
        assert studio.states()["scenes[1]"] == "reused"
        studio.render()
        page.click('[data-path="scenes[1]"]')
        page.wait("document.querySelector('video').currentTime > 1")
        page.wait("!document.querySelector('video').seeking")
        studio.shows("#503010")
        page.click("#tab-renders")
        page.wait("document.querySelectorAll('.renders .card').length >= 2")
        for index in (1, 2):
            page.click(f".renders li:nth-child({index}) input")
        page.click(".renders .tools button")
        page.sees("The later one reused 1 of 2 scenes.")
        page.sees("scenes[0].elements[0].text changed")
        # Posters of other tests' movies may be purged; nothing else is wrong, nor forbidden.
        assert [said for said in page.said if "Failed to load resource" not in said] == []
