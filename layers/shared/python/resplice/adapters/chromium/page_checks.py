"""What of a page is not seen as it was asked for: letters that no font has, texts that are cut off,
values that mean nothing.

Asked when the page's fonts are there; it changes nothing of the page.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resplice.adapters.chromium.last_resort import WIDTH_EM, last_resort
from resplice.core.warned import warned

MAX_NAMED = 8
CIRCLE = "\N{DOTTED CIRCLE}"
PLAIN = re.compile("[\t\n\r -~\xa0-\u024f\u2010-\u2027]*")
"""What every page can draw."""

_CHECK = """(async () => {
  const cut = [];
  for (const canvas of document.querySelectorAll('.canvas'))
    for (const text of canvas.querySelectorAll(':scope > .text')) {
      const [room, box] = [canvas.getBoundingClientRect(), text.getBoundingClientRect()];
      const s = getComputedStyle(text), slack = parseFloat(s.fontSize) / 4;
      const over = (first, last, least, most) => Math.max(least - first, last - most) > slack;
      const zoom = room.width / canvas.offsetWidth || 1;
      if (over(box.top, box.bottom, room.top, room.bottom))
        cut.push(['height', box.height / zoom, room.height / zoom]);
      if (over(box.left, box.right, room.left, room.right))
        cut.push(['width', box.width / zoom, room.width / zoom]);
      else if (s.textWrapMode == 'nowrap' && text.scrollWidth - text.clientWidth > slack)
        cut.push(['width', text.scrollWidth, canvas.clientWidth]);
    }
  // What the browser takes no notice of, since it is no value of that property.
  const ignored = [...document.querySelectorAll('.canvas [style]')].flatMap(element =>
    element.getAttribute('style').split(';').map(said => said.split(':'))
      .map(([name, ...value]) => [name.trim(), value.join(':').trim()])
      .filter(([name, value]) => value && !name.startsWith('--') && !CSS.supports(name, value)));
  return {cut, ignored, missing: MISSING};
})()"""

_MISSING = """await (async () => {
  const plain = /^[\\t\\n\\r -~\\xa0-\\u024f\\u2010-\\u2027]*$/;
  const unseen = /^[\\p{Cc}\\p{Cf}\\p{Z}\\p{Default_Ignorable_Code_Point}]*$/u;
  const file = Uint8Array.from(atob(FILE), c => c.charCodeAt(0));
  const resort = await new FontFace('Last Resort', file).load();
  document.fonts.add(resort);
  const pen = document.createElement('canvas').getContext('2d');
  const clusters = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
  const seen = new Set(), missing = new Map();
  const drawn = signs => pen.measureText(signs).width < WIDEST;
  for (const element of document.querySelectorAll('body, body *')) {
    const s = getComputedStyle(element);
    for (const node of element.childNodes) {
      if (node.nodeType != Node.TEXT_NODE || plain.test(node.data)) continue;
      if (['SCRIPT', 'STYLE', 'TITLE'].includes(element.tagName) || s.display == 'none') continue;
      pen.font = `${s.fontStyle} ${s.fontWeight} 16px ${s.fontFamily}, "Last Resort"`;
      const text = s.textTransform == 'uppercase' ? node.data.toUpperCase()
        : s.textTransform == 'lowercase' ? node.data.toLowerCase() : node.data;
      for (const {segment} of clusters.segment(text)) {
        if (plain.test(segment) || unseen.test(segment)) continue;
        const key = pen.font + segment;
        if (seen.has(key)) continue;
        seen.add(key);
        if (drawn(segment)) continue;
        const alone = [...segment].filter(sign => !unseen.test(sign) && !drawn(sign));
        const marks = [...segment].filter(sign => !unseen.test(sign) && !plain.test(sign));
        missing.set(segment, alone.length ? alone : marks);
      }
    }
  }
  document.fonts.delete(resort);
  return [...missing];
})()"""


def check(text: str) -> str:
    """The expression that asks a page that shows that text. What it tells is for `warnings`."""
    return _CHECK.replace("MISSING", _missing(text) or "[]")


def check_letters(text: str) -> str:
    """The same of a stranger's page: letters alone, as all else is its own. Empty where every font
    has them.
    """
    missing = _missing(text)
    return missing and f"(async () => ({{cut: [], ignored: [], missing: {missing}}}))()"


def _missing(text: str) -> str:
    if PLAIN.fullmatch(text):
        return ""
    file = json.dumps(base64.b64encode(last_resort()).decode())
    return _MISSING.replace("FILE", file).replace("WIDEST", str(16 * WIDTH_EM / 2))


def warnings(told: Mapping[str, Any]) -> Iterator[str]:
    """In a user's words."""
    signs = list(dict.fromkeys(sign for _, signs in told["missing"] for sign in signs))
    if signs:
        words = f"no font that is here has {_named(signs)}: empty boxes stand there"
        yield warned("letters-missing", words)
    for name, value in list(dict.fromkeys(map(tuple, told["ignored"])))[:MAX_NAMED]:
        words = f"the setting '{name}' does not understand '{value[:60]}': it does nothing"
        yield warned("setting-ignored", words)
    for side, needed, there in told["cut"]:
        words = f"it takes {needed:.0f} px of {side} and has {there:.0f}"
        way = f"give it a smaller 'font-size' or a larger '{side}'"
        yield warned("text-cut-off", f"the text is cut off by its canvas: {words}", way)


def _named(signs: Sequence[str]) -> str:
    """`ᚠ (U+16A0), 𒀀 (U+12000) and 3 more`. Marks stand on a circle."""
    named = [_with_number(sign) for sign in signs]
    more = len(named) - MAX_NAMED
    return ", ".join(named[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _with_number(sign: str) -> str:
    number = f"U+{ord(sign):04X}"
    if not sign.isprintable():
        return number
    return f"{CIRCLE * bool(unicodedata.combining(sign))}{sign} ({number})"
