"""What of a page is not seen as it was asked for: letters that no font has, texts that are cut off,
values that mean nothing.

Asked when the page's fonts are there, and before its time passes; it changes nothing of the page.
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
LINE, LINE_WAY_OUT = "line", "give it a smaller 'font-size'"
"""Of subtitles: what is cut off is told once, and not for each of their lines."""
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
  for (const canvas of document.querySelectorAll('.canvas'))
    if (!canvas.querySelector(':scope > .text'))
      cut.push(...CUT(canvas, canvas.getBoundingClientRect(), true));
  for (const slot of [...document.querySelectorAll('.slot')].slice(0, 1))
    cut.push(...CUT(slot, slot.getBoundingClientRect(), true).map(([, ...px]) => ['line', ...px]));
  // What the browser takes no notice of, since it is no value of that property.
  const ignored = [...document.querySelectorAll('.canvas [style]')].flatMap(element =>
    element.getAttribute('style').split(';').map(said => said.split(':'))
      .map(([name, ...value]) => [name.trim(), value.join(':').trim()])
      .filter(([name, value]) => value && !name.startsWith('--') && !CSS.supports(name, value)));
  return {cut, ignored, missing: MISSING};
})()"""

_CUT = """((root, room, own) => {
  // Texts that begin inside of it and go on outside. Of our own pages where they come to rest, of
  // others where they are; what moves from there or to it is left out.
  const found = [], elements = [root, ...root.querySelectorAll('*')];
  const zoom = own && root.offsetWidth ? room.width / root.offsetWidth : 1;
  const needs = (from, to, first, last) => (Math.max(to, last) - Math.min(from, first)) / zoom;
  const moving = new Map(elements.flatMap(each => {
    const frames = each.getAnimations().flatMap(one => one.effect.getKeyframes());
    return frames.length ? [[each, frames.filter(one => !own || one.computedOffset > 0)]] : [];
  }));
  const still = document.createElement('style');
  still.textContent = '* { animation: none !important; transition: none !important }';
  if (own) document.documentElement.append(still);
  const moves = each => moving.has(each) && moving.get(each).some(frame => {
    const s = getComputedStyle(each);
    return PLACES.some(name => frame[name] !== undefined && (!own || frame[name] != s[name]));
  });
  const PLACES = ['transform', 'translate', 'scale', 'rotate', 'left', 'top', 'right', 'bottom',
    'marginLeft', 'marginTop', 'width', 'height', 'visibility'];
  for (const element of elements) {
    const s = getComputedStyle(element);
    if (s.visibility != 'visible' || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    for (const node of element.childNodes) {
      if (node.nodeType != Node.TEXT_NODE || !node.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      let {left, top, right, bottom} = range.getBoundingClientRect(), counts = true;
      let has = room;
      for (let up = element; up && up != root; up = up.parentElement) {
        counts = counts && !moves(up) && getComputedStyle(up).opacity != 0;
        // What body says of its overflow is the viewport's.
        if (has != room || up == document.body) continue;
        if (getComputedStyle(up).overflow == 'visible') continue;
        const box = up.getBoundingClientRect();
        if (own && up.matches('[data-fit-box]')) {
          has = box;
          continue;
        }
        [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
        [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
      }
      const slack = parseFloat(s.fontSize) * zoom / 4;
      const begins = left < has.right && right > has.left && top < has.bottom
        && bottom > has.top && right > left && bottom > top;
      if (!counts || !begins) continue;
      if (bottom > has.bottom + slack || top < has.top - slack)
        found.push(['height', needs(top, bottom, has.top, has.bottom), has.height / zoom]);
      else if (right > has.right + slack || left < has.left - slack)
        found.push(['width', needs(left, right, has.left, has.right), has.width / zoom]);
    }
  }
  still.remove();
  return found.slice(0, 1);
})"""

_CUT_OF_PAGE = f"""{_CUT}(document.documentElement, {{left: 0, top: 0,
  right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight}}, false)"""

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
    return _CHECK.replace("CUT", _CUT).replace("MISSING", _missing(text) or "[]")


def check_stranger(text: str, *, written: bool) -> str:
    """The same of a stranger's page, whose values are its own. written: in the movie, for its
    place there; else it is one of the web's, which go on below. Empty where nothing can be amiss.
    """
    missing, cut = _missing(text), _CUT_OF_PAGE if written else "[]"
    if not (missing or written):
        return ""
    return f"(async () => ({{cut: {cut}, ignored: [], missing: {missing or '[]'}}}))()"


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
        if side == LINE:
            yield warned("text-cut-off", "a line is cut off by the canvas", LINE_WAY_OUT)
        else:
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
