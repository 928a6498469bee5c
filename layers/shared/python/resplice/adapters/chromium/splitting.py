"""The script that splits text for animation: elements that say `data-split` get their letters or
words wrapped. It is evaluated by the painter; pages have no scripts of their own.

Splitting is Unicode's, as ICU has it (Intl.Segmenter, UAX 29): a letter is what a reader takes for
one, words of scripts without spaces are found by dictionary. Scripts whose letters join or stack
stay whole words.
"""

from __future__ import annotations

MARK = "data-split"
"""The attribute: `words`, `letters`, or `spans` for words that stay inline."""

SPLIT = r"""(() => {
  const anyOf = scripts =>
    new RegExp('[' + scripts.split(' ').map(name => `\\p{sc=${name}}`).join('') + ']', 'u');
  const joined = anyOf('Arab Syrc Mong Nkoo Adlm Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh '
    + 'Mymr Khmr Tibt Java Bali');
  const unspaced = anyOf('Thai Laoo Khmr Mymr Hani Hira Kana');
  const rightward = anyOf('Hebr Arab Syrc Thaa Nkoo Adlm');
  const letter = /[\p{L}\p{M}\p{N}]/u;
  const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
  const dictionary = new Intl.Segmenter(undefined, {granularity: 'word'});
  const parts = (segmenter, text) => [...segmenter.segment(text)].map(part => part.segment);
  // Marks that follow a word belong to it, those that open a bracket to the next.
  const words = text => {
    if (!unspaced.test(text)) return [text];
    const found = [];
    let opening = '';
    for (const part of parts(dictionary, text)) {
      if (letter.test(part) || !found.length || opening) {
        found.push(opening + part);
        opening = '';
      } else if (/^\p{Ps}|^\p{Pi}/u.test(part)) opening = part;
      else found[found.length - 1] += part;
    }
    if (opening) found.push(opening);
    return found;
  };
  const direction = text => {
    const strong = text.match(/\p{L}/u);
    return !strong ? '' : rightward.test(strong[0]) ? '\u200F' : '\u200E';
  };
  // A small hash of the text and the place, so that equal texts have equal chances (mulberry32).
  const chance = (seed, number) => {
    let state = (seed + 0x6D2B79F5 * (number + 1)) | 0;
    state = Math.imul(state ^ state >>> 15, state | 1);
    state ^= state + Math.imul(state ^ state >>> 7, state | 61);
    return ((state ^ state >>> 14) >>> 0) / 4294967296;
  };
  for (const root of document.querySelectorAll('[data-split]')) {
    const how = root.getAttribute('data-split');
    const seed = [...root.textContent]
      .reduce((sum, letter) => Math.imul(sum, 31) + letter.codePointAt(0) | 0, 7);
    const units = [];
    const span = (name, text) => {
      const made = document.createElement('span');
      made.className = name;
      made.textContent = text;
      return made;
    };
    // Boxes have no direction of their own: marks beside them tell it to the line they stand in.
    const word = (text, line) => {
      const mark = how == 'spans' ? '' : direction(text);
      const made = span('word', how == 'letters' ? '' : text);
      if ((mark || line) == '\u200F' && how != 'spans') made.dir = 'rtl';
      if (how != 'letters') units.push(made);
      else for (const one of joined.test(text) ? [text] : parts(graphemes, text)) {
        made.append(span('letter', one));
        units.push(made.lastChild);
      }
      return mark ? [mark, made, mark] : [made];
    };
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const node of texts) {
      const made = document.createDocumentFragment();
      for (const run of node.data.split(/([ \t\n\r\f]+)/)) {
        if (!run) continue;
        if (/^[ \t\n\r\f]/.test(run)) made.append(run);
        else for (const one of words(run)) made.append(...word(one, direction(node.data)));
      }
      node.replaceWith(made);
    }
    units.forEach((unit, number) => {
      unit.style.setProperty('--n', number);
      unit.style.setProperty('--random', chance(seed, number).toFixed(5));
    });
    root.style.setProperty('--count', units.length);
  }
  return true;
})()"""
