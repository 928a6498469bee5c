"""A page's animations, stepped: paused, set to the time of each frame, shot. No clock runs.

Frame n shows what an ordinary browser shows n / fps seconds after the animations began. Works on a
page that is loaded and laid out; the page is left at its last frame.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resplice.frozen import frozen

if TYPE_CHECKING:
    from resplice.adapters.chromium.pictures import Album

MAX_FRAMES = 1500
"""Of one page, a minute at 25 frames a second."""
MAX_MEASURED = 20_000
"""Elements, over all moments at which they are asked where their ink may be."""

# Every animation, paused at its beginning; when the last one ends, ms; for those that never end,
# when they begin, and after how long all of them begin again.
PAUSE = """(() => {
  globalThis.stepped = document.getAnimations();
  globalThis.begun = new Map();
  let end = 0, since = 0;
  const rounds = [];
  for (const animation of stepped) {
    const timing = animation.effect.getComputedTiming();
    animation.pause();
    animation.currentTime = 0;
    if (timing.endTime === Infinity) {
      since = Math.max(since, timing.delay);
      const twice = timing.direction.startsWith('alternate') ? 2 : 1;
      if (timing.duration > 0) rounds.push(timing.duration * twice);
    } else end = Math.max(end, timing.endTime);
  }
  const elements = document.querySelectorAll('*').length;
  return {count: stepped.length, end, since, rounds, elements};
})()"""

# Which properties of which elements the `stepped` animations change, as `moved`, before any of
# them is set. Those of pseudo-elements cannot be written, and stay animated.
FIND = """(() => {
  globalThis.moved = new Map();
  const told = ['offset', 'computedOffset', 'easing', 'composite'];
  const css = name =>
    name.replace(/^css(?=[A-Z])/, '').replace(/[A-Z]/g, letter => '-' + letter.toLowerCase());
  // A keyframe does not tell of its custom properties; the rule that it is made of does.
  const rules = [...document.styleSheets].flatMap(sheet => {
    try { return [...sheet.cssRules] } catch { return [] }
  }).filter(rule => rule instanceof CSSKeyframesRule);
  const custom = animation => rules.filter(rule => rule.name == animation.animationName)
    .flatMap(rule => [...rule.cssRules].flatMap(frame => [...frame.style]))
    .filter(name => name.startsWith('--'));
  for (const animation of stepped) {
    const effect = animation.effect;
    if (effect.pseudoElement || !effect.target) continue;
    const names = effect.getKeyframes().flatMap(Object.keys).filter(name => !told.includes(name));
    const known = moved.get(effect.target) || {names: new Set(), said: effect.target.style.cssText};
    [...names.map(css), ...custom(animation)].forEach(name => known.names.add(name));
    moved.set(effect.target, known);
  }
})()"""

# That many milliseconds after where each began, which `begun` says where it is not nought.
# What is animated has a layer of its own, whose pixels depend on where it was before. So what the
# animations show is read, they are cancelled, and it is written: then all is painted as one. So
# is what turns in space where nothing shows its depth: it is the same in the plane. Returns what
# is shown: where that is as it was, so is the picture.
SET = """(ms => {
  const flat = (element, style, value) => {
    const around = element.parentElement && getComputedStyle(element.parentElement);
    const deep = [style, around].some(each => each && each.transformStyle != 'flat')
      || style.backfaceVisibility != 'visible' || around && around.perspective != 'none';
    const m = value.startsWith('matrix3d(') && new DOMMatrix(value);
    if (deep || !m || m.m14 || m.m24 || m.m34 || m.m44 != 1) return value;
    return `matrix(${[m.m11, m.m12, m.m21, m.m22, m.m41, m.m42].join(',')})`;
  };
  for (const [element, known] of moved) element.style.cssText = known.said;
  for (const animation of stepped) animation.currentTime = (begun.get(animation) || 0) + ms;
  const shown = [...moved].map(([element, known]) => {
    const style = getComputedStyle(element);
    return [...known.names].map(name => {
      const value = style.getPropertyValue(name);
      return [name, name == 'transform' ? flat(element, style, value) : value];
    });
  });
  const apart = stepped.filter(animation => animation.effect.pseudoElement)
    .map(animation => animation.effect.getComputedTiming().progress);
  for (const animation of stepped) if (!animation.effect.pseudoElement) animation.cancel();
  [...moved.keys()].forEach((element, number) => {
    element.style.setProperty('transition', 'none', 'important');
    for (const [name, value] of shown[number]) element.style.setProperty(name, value);
  });
  return JSON.stringify([shown, apart]);
})"""

Evaluate = Callable[[str], Any]
Shoot = Callable[[], Any]


@frozen
class Course:
    """How long a page moves. frames: of the clock; loop_from: where it begins again, if it does;
    elements: how many it has.
    """

    frames: int
    loop_from: int | None
    elements: int


def course(evaluate: Evaluate, fps: int) -> Course | None:
    """Pause the page's animations at their beginning; None when it has none.

    Raises ValueError for a page that moves for too long.
    """
    found = evaluate(PAUSE)
    if not found["count"]:
        return None
    evaluate(FIND)
    last = math.ceil(round(float(found["end"]) * fps / 1000, 3))
    if not found["rounds"]:
        return Course(_most(last + 1, fps), None, int(found["elements"]))
    loop_from = max(last, math.ceil(round(float(found["since"]) * fps / 1000, 3)))
    frames = loop_from + _period(found["rounds"], fps)
    return Course(_most(frames, fps), loop_from, int(found["elements"]))


def _period(rounds: list[float], fps: int) -> int:
    """Frames after which all rounds begin again together."""
    return math.lcm(*(max(1, round(each * fps / 1000)) for each in rounds))


def _most(frames: int, fps: int) -> int:
    if frames > MAX_FRAMES:
        raise ValueError(
            f"it moves for {frames / fps:.0f} s, and at {fps} frames a second at most "
            f"{MAX_FRAMES // fps} s are painted: give it fewer words, or shorter animations"
        )
    return frames


def moments(course: Course, fps: int) -> list[float]:
    """The time of each frame, ms."""
    return [1000 * frame / fps for frame in range(course.frames)]


def samples(course: Course, times: list[float]) -> list[float]:
    """Moments at which is asked where ink may be: all of them, unless that is too much work."""
    step = math.ceil(len(times) * course.elements / MAX_MEASURED)
    return [*times[::step], times[-1]]


def stepping(evaluate: Evaluate, shoot: Shoot, times: list[float], album: Album) -> None:
    """The frames at these times, kept in the album. shoot: shows what is seen now to it."""
    album.begin()
    before: str | None = None
    for ms in times:
        state = evaluate(f"{SET}({json.dumps(ms)})")
        if state != before:
            shoot()
            before = state
        album.keep()
