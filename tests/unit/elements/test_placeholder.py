"""The card in place of a generated picture shows its prompt, whatever that is."""

from resplice.core.elements.placeholder import MOST_CHARS, card


def test_a_prompt_is_shown_as_text() -> None:
    page = card('a <b>boat</b> & "sea" {{x}}', "flux<i>")
    assert "a &lt;b&gt;boat&lt;/b&gt; &amp; &quot;sea&quot; {{x}}" in page
    assert "<b>" not in page and "<i>" not in page and "flux&lt;i&gt;" in page


def test_a_long_prompt_is_cut() -> None:
    assert "…" in card("x" * (MOST_CHARS + 1), "")
    assert "…" not in card("x" * MOST_CHARS, "")


def test_a_card_asks_only_for_a_font_that_is_there() -> None:
    """The painter warns of `sans-serif`, as of any other that does not come with us."""
    assert "font-family: Inter;" in card("a boat", "")
