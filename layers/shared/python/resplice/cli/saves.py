"""Saves of a movie: each is rendered in a thread of its own, and the newest wins."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from resplice.cli.movie_call import accepted_of, document_of, files_read
from resplice.cli.render import made
from resplice.cli.terminal import Quiet
from resplice.cli.watch_screen import Screen
from resplice.cli.watch_text import save_text
from resplice.cli.watched_files import WatchedFiles
from resplice.cli.written import deliver, resolved
from resplice.core.why import Rendered, changes
from resplice.errors import DocumentError, Problem
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.execution.progress import SegmentState
from resplice.steps.movie_cache import Outcome
from resplice.steps.pipeline.accept import Accepted
from resplice.wiring.local import own_run
from resplice.wiring.pools import Pools

UNWIND_SECONDS = 2.0
"""For a render that is to end: FFmpeg is heard of twice a second."""


class Superseded(BaseException):
    """Thrown into a render that nobody waits for any more; no handler of errors may take it for
    one.
    """


class Save(Quiet):
    """One save. As the watcher of its render it tells how far that is, and ends it when there is a
    newer one.
    """

    def __init__(self, tell: Callable[[float], None]) -> None:
        self.is_superseded, self.run = threading.Event(), ExitStack()
        self.thread: threading.Thread | None = None
        self._closing = threading.Lock()
        self._tell, self._frames, self._done = tell, dict[str, int](), dict[str, int]()

    def made(self) -> None:
        self.check()

    def planned(self, segments: Sequence[SegmentState]) -> None:
        self.check()
        self._frames = {each.key: each.frames for each in segments if each.result != "hit"}

    def frames(self, key: str, done: int) -> None:
        self.check()
        self._done[key] = max(done, self._done.get(key, 0))
        whole = sum(self._frames.values())
        self._tell(min(1.0, sum([*self._done.values()]) / max(1, whole)))

    def joining(self) -> None:
        self.check()

    def check(self) -> None:
        if self.is_superseded.is_set():
            raise Superseded

    def wait(self, most_s: float) -> None:
        """For the end of its render."""
        if self.thread:
            self.thread.join(max(0.0, most_s))

    def close(self) -> None:
        """End its run; whoever comes second waits for that."""
        with self._closing:
            self.run.close()


@frozen
class Shown:
    """The film that is on the screen, and of which save it is: its run keeps the film."""

    save: Save
    rendered: Rendered


class Saves:
    """Only the newest save is followed, delivered, shown, or said to be wrong."""

    def __init__(
        self,
        options: argparse.Namespace,
        files: WatchedFiles,
        ports: Ports,
        pools: Pools,
        screen: Screen,
    ) -> None:
        self._options, self._files, self._screen = options, files, screen
        self._ports, self._pools = ports, pools
        self._alone, self._open, self._is_over = threading.Lock(), set[Save](), False
        self._newest: Save | None = None
        self._shown: Shown | None = None

    def begin(self) -> None:
        """Render what is there now. Nobody waits for what was saved before."""
        with self._alone:
            earlier = self._newest
            if earlier:
                earlier.is_superseded.set()
            save = self._newest = Save(lambda share: self._progress(save, share))
            self._open.add(save)
            self._screen.renders()
            save.thread = threading.Thread(target=self._render, args=(save, earlier), daemon=True)
        save.thread.start()

    def stop(self) -> None:
        """End what is rendered, and remove what is left of it."""
        with self._alone:
            self._newest, self._is_over = None, True
            left = list(self._open)
        for save in left:
            save.is_superseded.set()
        until_s = time.monotonic() + UNWIND_SECONDS
        for save in left:
            save.wait(until_s - time.monotonic())
            self._close(save)

    def _render(self, save: Save, earlier: Save | None) -> None:
        try:
            self._make(save, earlier)
        except Superseded:
            pass
        except Exception as error:
            with suppress(Superseded), self._as_newest(save):
                self._screen.fails(error)
        shown = self._shown
        if not shown or shown.save is not save:
            self._close(save)

    def _make(self, save: Save, earlier: Save | None) -> None:
        began_s, options = time.monotonic(), self._options
        own = own_run(self._ports, options.data, self._pools, waits=lambda: not self._is_over)
        ports = save.run.enter_context(own)
        accepted = accepted_of(options, *document_of(options), ports)
        read = files_read(accepted, options)
        with self._as_newest(save):
            self._files.follow(read)
        if options.out and resolved([options.out]) & read:
            raise DocumentError([Problem("", f"{options.out}: is read by this render")])
        if earlier:
            # Two would be in each other's way, and an equal one would wait for the other's lease.
            earlier.wait(UNWIND_SECONDS)
        outcome = made(accepted, ports, save, partial(self._take, save, ports))
        with self._as_newest(save):
            former = self._show(save, accepted, outcome, time.monotonic() - began_s)
        if former:
            self._close(former.save)

    def _take(self, save: Save, ports: Ports, key: str) -> None:
        """Raises NotFound when the film is damaged."""
        with self._as_newest(save), ports.objects.open(key):
            if self._options.out:
                deliver(key, self._options.out, ports)

    def _show(
        self, save: Save, accepted: Accepted, outcome: Outcome, took_s: float
    ) -> Shown | None:
        """The film that was shown before."""
        report, before = outcome.report, self._shown
        rendered = Rendered(accepted.movie, report.as_json())
        changed = changes(rendered, before.rendered) if before else None
        line = save_text(changed, report, took_s)
        self._screen.shows(outcome.stored.key, line, report.all_warnings)
        self._shown = Shown(save, rendered)
        return before

    def _progress(self, save: Save, share: float) -> None:
        with self._as_newest(save):
            self._screen.progress(share)

    @contextmanager
    def _as_newest(self, save: Save) -> Iterator[None]:
        """None can be newer meanwhile. Raises Superseded."""
        with self._alone:
            if save is not self._newest:
                raise Superseded
            yield

    def _close(self, save: Save) -> None:
        save.close()
        with self._alone:
            self._open.discard(save)
