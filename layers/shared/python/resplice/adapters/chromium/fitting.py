"""The script that fits font sizes: elements that say `data-fit-min` and `data-fit-max` (px) get the
largest size between them at which their content overflows neither itself nor the nearest element
around it that says `data-fit-box`. The painter evaluates it when fonts are there.

Elements of one box and the same bounds get one size. Animations are out of force meanwhile: what
counts is where everything comes to rest. Words are broken only where even the smallest size is too
large for them.
"""

from __future__ import annotations

MARK = "data-fit-max"

FIT = """(() => {
  const still = document.createElement('style');
  still.textContent = '* { animation: none !important; transition: none !important }'
    + '[data-fit-max] { overflow-wrap: normal !important; word-break: normal !important }';
  document.documentElement.append(still);
  const groups = new Map();
  for (const element of document.querySelectorAll('[data-fit-max]')) {
    const box = element.parentElement && element.parentElement.closest('[data-fit-box]');
    const bounds = [element.dataset.fitMin || '6', element.dataset.fitMax];
    const boxes = groups.get(box) || groups.set(box, new Map()).get(box);
    const alike = boxes.get(bounds.join()) || [];
    boxes.set(bounds.join(), [...alike, element]);
    element.style.fontSize = bounds[0] + 'px';
  }
  // Letters may reach out of low lines, which is no overflow of theirs.
  const holds = (element, size) => !element.clientWidth
    || (element.scrollWidth <= element.clientWidth + 1
        && element.scrollHeight <= element.clientHeight + 1 + size / 5);
  for (const [box, boxes] of groups)
    for (const [bounds, elements] of boxes) {
      let [least, most] = bounds.split(',').map(Number);
      const fits = size => {
        for (const element of elements) element.style.fontSize = size + 'px';
        return elements.every(element => holds(element, size)) && (!box || holds(box, 0));
      };
      if (!fits(most)) {
        while (most - least > 0.25) {
          const middle = (least + most) / 2;
          if (fits(middle)) least = middle; else most = middle;
        }
        fits(Math.floor(least * 4) / 4);
      }
    }
  still.remove();
  return true;
})()"""
