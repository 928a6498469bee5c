"""What is typed in the studio is kept in the browser: over reloads, beside other tabs, or not."""

from __future__ import annotations

from browser_pages import Visitor
from served import Served
from studio_page import StudioPage, opened, small


def test_the_text_is_kept_when_the_page_goes(studio: StudioPage, browser: Visitor) -> None:
    studio.write(small("Kept in this browser"))
    studio.says("1 of 1")
    studio.page.js("new Promise(done => setTimeout(done, 600))")
    studio.page.go(str(studio.page.js("location.href")))
    studio.page.wait(
        "document.querySelector('.cm-content')?.textContent.includes('Kept in this browser')"
    )


def test_another_tab_is_told_of_and_keeps_its_own(
    studio: StudioPage, browser: Visitor, server: Served
) -> None:
    studio.write(small("Mine"))
    other = opened(browser, server)
    other.write(small("Theirs"))
    studio.page.sees("Another tab edits a document too")
    assert "Mine" in studio.text() and "Theirs" in other.text()
    other.page.do("Page.close")


def test_opening_a_tab_stamps_and_tells_nothing(browser: Visitor, server: Served) -> None:
    first, second = opened(browser, server), opened(browser, server)
    first.write(small("The first tab's"))
    first.says("1 of 1")
    second.page.sees("Another tab edits a document too")
    third = opened(browser, server)
    third.says("1 of 1")
    first.page.go(first.page.js("location.href"))
    first.page.wait("document.querySelector('.cm-content')?.textContent.includes('first tab')")
    assert "Another tab" not in first.page.text()
    for each in (first, second, third):
        each.page.do("Page.close")


def test_a_duplicate_of_a_tab_keeps_its_own_and_the_oldest_drafts_go(
    browser: Visitor, server: Served
) -> None:
    first = opened(browser, server)
    first.page.js(OLD_DRAFTS)
    first.write(small("Of the first"))
    first.says("1 of 1")
    own = first.page.js("sessionStorage['resplice-studio']")
    page = browser.page()
    copied = f"sessionStorage['resplice-studio'] ??= '{own}'"
    page.do("Page.addScriptToEvaluateOnNewDocument", source=copied)
    second = StudioPage(page, f"http://127.0.0.1:{server.port}")
    assert "Of the first" in second.text(), "as a browser duplicates a tab"
    second.write(small("Of the second"))
    second.says("1 of 1")
    assert page.js("sessionStorage['resplice-studio']") != own
    page.wait(f"{DRAFTS}.then(texts => texts.some(text => text.includes('Of the second')))")
    for tab, words in ((first, "Of the first"), (second, "Of the second")):
        tab.page.do("Page.reload")
        tab.page.wait("performance.getEntriesByType('navigation')[0]?.type === 'reload'")
        tab.page.wait(f"document.querySelector('.cm-content')?.textContent.includes('{words}')")
    texts = page.js(DRAFTS)
    assert len(texts) <= 20 and "old draft 0" not in texts
    for each in (first, second):
        each.page.do("Page.close")


DEAF = """{
    const before = IDBDatabase.prototype.transaction
    IDBDatabase.prototype.transaction = function (stores, mode) {
        if (mode === 'readwrite' && document.visibilityState === 'hidden') {
            throw new Error('the page goes')
        }
        return before.apply(this, arguments)
    }
}"""
"""The database hears nothing of a page that goes."""
OVERTAKEN = """{
    const former = JSON.stringify({text: 'the former text', at_ms: 1})
    localStorage['resplice-studio going elsewhere'] = former
    const before = IDBObjectStore.prototype.get
    IDBObjectStore.prototype.get = function (id) {
        const {db} = this.transaction, asked = before.call(this, id)
        if (id === 'elsewhere') asked.addEventListener('success', () => {
            const draft = {text: 'its latest text', at_ms: 2}
            db.transaction('drafts', 'readwrite').objectStore('drafts').put(draft, id)
        })
        return asked
    }
}"""
"""While a former text is settled, its tab writes a later one."""
STORE = """new Promise(done => {
    const asked = indexedDB.open('resplice-studio', 1);
    const within = () => asked.result.transaction('drafts', 'readwrite');
    asked.onsuccess = () => done(within().objectStore('drafts'));
})"""
OLD_DRAFTS = f"""{STORE}.then(async store => {{
    for (let n = 0; n < 25; n++) store.put({{text: `old draft ${{n}}`, at_ms: n}}, `old ${{n}}`);
    await new Promise(done => store.transaction.oncomplete = done);
}})"""
DRAFTS = f"""{STORE}.then(store => new Promise(done => {{
    const asked = store.getAll();
    asked.onsuccess = () => done(asked.result.map(({{text}}) => text));
}}))"""


def test_what_was_typed_last_is_kept_when_the_page_goes_at_once(studio: StudioPage) -> None:
    studio.write(small("Typed"))
    studio.says("1 of 1")
    studio.write(small("Typed, and gone at once"))
    studio.page.do("Page.reload")
    studio.page.wait("performance.getEntriesByType('navigation')[0]?.type === 'reload'")
    studio.page.wait("document.querySelector('.cm-content')?.textContent.includes('gone at once')")


def test_a_database_that_hears_nothing_of_a_page_that_goes_has_its_text_later(
    browser: Visitor, server: Served
) -> None:
    studio = opened(browser, server, script=DEAF)
    page = studio.page
    for text in ("Typed, and gone at once", "Typed, and gone once more"):
        studio.write(small(text))
        page.do("Page.reload")
        page.wait("performance.getEntriesByType('navigation')[0]?.type === 'reload'")
        page.wait(f"document.querySelector('.cm-content')?.textContent.includes('{text}')")


def test_a_browser_that_keeps_nothing_has_the_studio_all_the_same(
    browser: Visitor, server: Served
) -> None:
    forbidden = "get() { throw new DOMException('Access is denied', 'SecurityError') }"
    names = "'localStorage', 'sessionStorage', 'indexedDB'"
    script = f"for (const name of [{names}]) Object.defineProperty(window, name, {{{forbidden}}})"
    studio = opened(browser, server, script=script)
    page = studio.page
    studio.page.sees("cannot be read: Access is denied")
    studio.write(small("Kept nowhere"))
    studio.says("1 of 1")
    page.do("Page.close")


def test_a_text_that_comes_while_a_former_one_is_settled_outlives_it(
    browser: Visitor, server: Served
) -> None:
    studio = opened(browser, server, script=OVERTAKEN)
    studio.page.wait("!localStorage['resplice-studio going elsewhere']")
    texts = studio.page.js(DRAFTS)
    assert "its latest text" in texts and "the former text" not in texts
    studio.page.do("Page.close")
