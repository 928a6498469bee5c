"""What a maker is given, and the row that says who makes a kind of work. It makes nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.element_cache import TaskOutcome


@frozen
class Job:
    """One element task that is to be made, or to be asked again whether it is still current.

    key         where the pointer to its bytes is stored
    folder      room for work in progress
    run         the run that makes it, recorded with what is made
    forced      nothing that was made before may be used
    revalidate  a download that is in the cache is asked for again on condition
    cached      what the cache has, when that is not to be used as it is
    """

    task: Any
    key: str
    folder: Path
    run: str
    forced: bool
    revalidate: bool
    cached: TaskOutcome | None


@frozen
class Maker:
    """The row of one kind of work.

    make         makes a job and stores the result; raises SourceError, PaintError, ProviderError,
                 NotFound, StorageError
    ports        names of the ports it needs, besides those that the element cache needs
    function     the function it runs in, when each step is a function of its own
    max_batch    how many tasks of a movie share one call of that function
    revalidates  whether what lies behind a task may change, so that it can be asked for again
    alone        whether equal tasks of all runs are made one at a time, because making costs money
    fails        what could not be done, before the reason: `Voice generation failed`
    """

    make: Callable[[Job, Ports], TaskOutcome]
    ports: tuple[str, ...]
    function: str
    max_batch: int = 1
    revalidates: bool = False
    alone: bool = False
    fails: str = ""

    def pool(self, ports: Ports) -> Executor:
        """Where jobs of this kind run."""
        return ports.painters if "browser" in self.ports else ports.fetchers
