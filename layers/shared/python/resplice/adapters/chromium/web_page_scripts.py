"""What is run in strangers' pages: JavaScript as text, and the style they begin with."""

from __future__ import annotations

from resplice.core.text import FALLBACK_FAMILY

PLAIN = f'@layer{{html{{font-family:"Inter","{FALLBACK_FAMILY}"}}body{{margin:0}}}}\n'
"""Of a page that was written for us: what it says itself counts more, wherever it says it."""

BEFORE = """(() => {
  let seed = 1;
  Math.random = () => {
    seed = seed + 0x6D2B79F5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, 1 | seed);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
  window.requestAnimationFrame = f => setTimeout(() => f(performance.now()), 1000 / 60);
  window.cancelAnimationFrame = id => clearTimeout(id);
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport'])
    delete window[name];
})()"""
"""Before any script of the page: chance and frames that are the same each time, and no way out
that does not pass by who answers its requests."""

SURVEY = """() => {
  const lists = new Set(), own = [...document.fonts].map(font => font.family);
  for (const element of document.querySelectorAll('body, body :not(script, style, noscript)'))
    if ('value' in element || 'placeholder' in element
        || [...element.childNodes].some(n => n.nodeType == Node.TEXT_NODE && n.data.trim()))
      lists.add(getComputedStyle(element).fontFamily);
  const names = list => list.match(/"[^"]*"|'[^']*'|[^,]+/g).map(
    name => name.trim().replace(/^["']|["']$/g, '')).filter(name => name);
  const text = document.body ? document.body.innerText.slice(0, 100000) : '';
  return {lists: [...lists].slice(0, 200).map(names), own, text};
}"""
"""The families that show text, each list once, those that the page brings, and the text."""

DRESSED = """async (lists, wanted, css) => {
  const style = document.createElement('style');
  style.textContent = css;
  document.documentElement.append(style);
  const names = list => list.match(/"[^"]*"|'[^']*'|[^,]+/g).map(
    name => name.trim().replace(/^["']|["']$/g, '')).filter(name => name).join();
  const instead = new Map(lists.map((list, index) => [list.join(), wanted[index]]));
  const changes = [];
  for (const element of document.querySelectorAll('body, body *')) {
    const said = getComputedStyle(element), family = instead.get(names(said.fontFamily));
    if (family) changes.push([element, family, said.fontSize]);
  }
  for (const [element, family, size] of changes) {
    element.style?.setProperty('font-family', family, 'important');
    element.style?.setProperty('font-size', size, 'important');
  }
  do {
    document.documentElement.offsetWidth;
    await document.fonts.ready;
    document.documentElement.offsetWidth;
  } while (document.fonts.status == 'loading');
  return [...document.fonts].filter(font => font.status == 'error').map(
    font => font.family.replace(/^["']|["']$/g, ''));
}"""
"""Each text gets the families that are wanted in the place of its own, at the size that it has:
the browser has another size for monospaced text alone. Returns the families that failed."""

HELD = """wait => {
  globalThis.begun = new Map();
  globalThis.stepped = document.getAnimations().filter(a => a.playState != 'paused');
  const first = Math.min(...stepped.map(a => a.startTime ?? Infinity));
  stepped = stepped.filter(animation => {
    const later = Number.isFinite(first) ? (animation.startTime ?? first) - first : 0;
    begun.set(animation, Math.max(0, wait - Math.round(later / 10) * 10));
    try {
      animation.pause();
      animation.currentTime = begun.get(animation);
      return true;
    } catch { return false }
  });
}"""
"""All that is animated stands where it is after the wait, counted from the first that began; what
`frames` steps goes on from there.
"""
