"""The counts of many runs, as a table and in words."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from typing import Any

Told = dict[str, Any]
MOST_TOLD, TOLD_EVERY = 12, 250


def _wrong(told: Told) -> list[str]:
    fault = f"{told['fault']['kind']} @ {told['fault']['name']} #{told['fault']['nth']}"
    head = f"WRONG: film {told['seed']}, {told['place']}, {fault}"
    return [head, *(f"    {each}" for each in told["wrongs"])]


class Tally:
    """Adds up what is told of runs. wrong: those that came out wrong."""

    def __init__(self) -> None:
        self.wrong: list[Told] = []
        self._runs, self._missed, self._done, self._real = 0, 0, 0, 0
        self._places: Counter[str] = Counter()
        self._kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, told: Told) -> None:
        self._runs += 1
        if self._runs % TOLD_EVERY == 0:
            print(
                f"{self._runs} runs, {len(self.wrong)} of them wrong", file=sys.stderr, flush=True
            )
        if not told["reached"]:
            self._missed += 1
            return
        fault = told["fault"]
        self._places[told["place"]] += 1
        self._kinds[fault["name"]][fault["kind"]] += 1
        self._done += told["status"] == "done"
        self._real += told["real"]
        if told["wrongs"]:
            self.wrong.append(told)
            print("\n".join(_wrong(told)), file=sys.stderr, flush=True)
        if told["status"] != "done":
            self._reasons[fault["kind"]][told["reason"].splitlines()[-1][-90:]] += 1

    def text(self) -> str:
        faulted = self._runs - self._missed
        movies = sum(any("WRONG MOVIE" in each for each in told["wrongs"]) for told in self.wrong)
        failed = faulted - self._done
        lines = [
            self._table(),
            "",
            f"{faulted} faulted runs ({self._missed} more never came to their fault): "
            + ", ".join(f"{number} {place}" for place, number in self._places.most_common()),
            f"FFmpeg ran anew in {self._real} of them, and remembered in the others",
            f"wrong movies: {movies}",
            f"something else wrong: {len(self.wrong) - movies}",
            f"the same movie: {self._done}; failures with a reason: {failed}",
        ]
        for kind, reasons in sorted(self._reasons.items()):
            lines += [f"  {kind}: {sum(reasons.values())}, such as: {reasons.most_common(1)[0][0]}"]
        self.wrong.sort(key=lambda told: "WRONG MOVIE" not in told["wrongs"])
        for told in self.wrong[:MOST_TOLD]:
            lines += _wrong(told)
        return "\n".join(lines)

    def _table(self) -> str:
        """Runs by side effect and kind of fault."""
        kinds = sorted({kind for row in self._kinds.values() for kind in row})
        heads = [kind.replace("clock ", "").replace(" ", "-") for kind in kinds]
        width = max(map(len, self._kinds), default=0)
        rows = [" " * width + "".join(f"{head:>14}" for head in heads)]
        for name in sorted(self._kinds):
            counts = "".join(f"{self._kinds[name][kind] or '.':>14}" for kind in kinds)
            rows.append(f"{name:<{width}}{counts}")
        return "\n".join(rows)
