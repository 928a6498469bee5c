"""A simulated stage: the real submit, coalescer, begin, complete and sweep, on a simulated account.

Not run is what makes pictures, and what names tasks: the search for elements in `prepare` and the
plan. How many tasks there are is what `make cost` counted when it ran them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from resplice.core import lane
from resplice.core.report import Report
from resplice.core.workflow import ForEach
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.ports.projects import Project
from resplice.steps import projects
from resplice.steps.execution import beginning, dispatch, stages
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.complete import complete, fail_with, stopped
from resplice.steps.execution.submit import Submission
from resplice.steps.movie_cache import Outcome
from resplice.wiring.aws import PATIENCE

from benchmarks.simulation.account import OTHER_S, Account, Step
from benchmarks.simulation.execution import Execution
from benchmarks.simulation.measured import MAKERS, PUTS, Work
from benchmarks.simulation.records import MemoryObjects, MemoryProjects, records

OWNER = "self"
SWEEP_S = 60.0
"""The rule of infra/workflow.py."""
LONGEST_PAUSE_S = 30.0
"""Of a client between two tries, when no function was free for its request; at first a second."""
Accepted = Callable[[bytes], Submission]


@dataclass
class Movie:
    """One that somebody asks for. arrived_s: when first. project: its id, when it is taken in."""

    body: bytes
    work: Work
    arrived_s: float
    project: str | None = None


@dataclass
class Stage:
    """rendered: how often each movie was made, by its key. swept: what each sweep asked of the
    table. asked_again: how often the execution of a project was started that had been before.
    """

    account: Account
    local: Ports
    accepted: Accepted
    rendered: Counter[str] = field(default_factory=Counter)
    movies: list[Movie] = field(default_factory=list)
    swept: list[int] = field(default_factory=list)
    asked_again: Counter[str] = field(default_factory=Counter)
    _to_come: int = 0

    def __post_init__(self) -> None:
        self.asked, rows = records(self.account)
        self.projects: MemoryProjects = rows["projects"]
        self._objects: MemoryObjects = rows["objects"]
        self.ports = replace(self.local, **rows, clock=self.account, patience=PATIENCE)
        self.coalescer = Coalescer(self.ports, _Executions(self))
        self._by_project: dict[str, Movie] = {}
        self.executed: dict[str, Execution] = {}

    def play(self, movies: list[Movie]) -> None:
        """All of them, until each has ended."""
        self.movies, self._to_come = movies, len(movies)
        for movie in movies:
            self.account.after(movie.arrived_s, partial(self._request, movie, 0))
        self.account.after(SWEEP_S, self._sweep)
        self.account.run()

    def work_of(self, project_id: str) -> Work:
        return self._by_project[project_id].work

    def _request(self, movie: Movie, tries: int) -> None:
        """Those that are refused ask again, and are taken in the order in which they came."""
        self.account.after(
            self.account.api.reserve(self.account.now_s), partial(self._answer, movie, tries)
        )

    def _answer(self, movie: Movie, tries: int) -> None:
        seconds = movie.work.seconds["api"]
        came = partial(self._came, movie)
        if self.account.call("api", seconds, partial(self._submit, movie), came):
            return
        pause_s = self.account.random.random() * min(LONGEST_PAUSE_S, 2.0**tries)
        self.account.after(pause_s, partial(self._request, movie, tries + 1))

    def _came(self, movie: Movie, failed: str | None) -> None:
        """One that was stored and not started is the sweep's."""
        self._to_come -= 1
        if movie.project not in self.projects.rows:
            raise ValueError(f"the movie was not taken in: {failed}")

    def _submit(self, movie: Movie) -> None:
        def posted(project_id: str, report: Report | None) -> None:
            movie.project = project_id
            self._by_project[project_id] = movie

        accepted = self.accepted
        projects.submit(
            movie.body,
            self.coalescer,
            OWNER,
            on_posted=posted,
            read=lambda body, *_: accepted(body),
        )

    def _sweep(self) -> None:
        if not self._to_come and not self.projects.open:
            return
        seconds = self.movies[0].work.seconds["finish"]
        self.account.tell("finish", seconds, self._swept)
        self.account.after(SWEEP_S, self._sweep)

    def _swept(self) -> None:
        before = self.asked.requests
        try:
            self.coalescer.sweep()
        finally:
            self.swept.append(self.asked.requests - before)


@dataclass
class _Executions:
    """Implements ports.executions.Executions: an execution for each project, once."""

    stage: Stage

    def start(self, project_id: str) -> bool:
        account, executed = self.stage.account, self.stage.executed
        account.spend(OTHER_S)
        account.queue(account.starts)
        if project_id in executed:
            self.stage.asked_again[project_id] += 1
            return not executed[project_id].over
        execution = Execution(account, _Making(self.stage, project_id))
        executed[project_id] = execution
        account.after(account.elapsed_s, execution.begin)
        return True

    def cancel(self, project_id: str) -> None:
        """Nobody cancels here."""


@dataclass
class _Making:
    """Implements execution.Making for the movie of a project."""

    stage: Stage
    project: str

    def __post_init__(self) -> None:
        self._work = self.stage.work_of(self.project)

    def tasks(self, step: ForEach, number: int) -> list[str]:
        """All elements are asked for in the first round; after it there is nothing to be made."""
        tasks = self._work.tasks
        if step.function:
            return [step.function] * tasks[step.function]
        return [] if number else [name for name in MAKERS for _ in range(tasks[name])]

    def left_by_lane(self) -> str | None:
        """By the real rule of who makes what."""
        work, pieces = self._work, self._work.tasks["scene"]
        if work.lane is None:
            return None
        if not lane.takes_elements([name for name in MAKERS for _ in range(work.tasks[name])]):
            return "Elements"
        way = lane.way_of_pieces([work.seconds["scene"]] * pieces)
        return "Scenes" if way is lane.Way.FANNED_OUT else "Finish"

    def seconds(self, function: str) -> float:
        """Of a lane that hands over: what it has done until then."""
        seconds, tasks = self._work.seconds, self._work.tasks
        match self.left_by_lane() if function == lane.FUNCTION else None:
            case "Elements":
                return seconds["prepare"]
            case "Scenes":
                made = sum(seconds[name] * tasks[name] for name in MAKERS)
                return 2 * seconds["prepare"] + made + seconds["plan"]
        return seconds[function]

    def _in_lane(self) -> None:
        """The lane's work. The pieces it makes itself are in its own seconds."""
        self._does("prepare", 0)()
        if self.left_by_lane() != "Finish":
            return
        for function, (calls, seconds) in (self._work.lane or {}).items():
            for _ in range(calls):
                self.stage.account.call_within(function, seconds, partial(self._piece, function))
        self._join()

    def work(self, function: str, number: int) -> Step:
        """Its requests of S3 only count for what a prefix takes: mostly they go side by side."""
        does = self._does(function, number)

        def work() -> None:
            account = self.stage.account
            for (prefix, kind), units in self._work.objects.get(function, {}).items():
                account.use(account.puts if kind == PUTS else account.gets, prefix, units)
            does()

        return work

    def _does(self, function: str, number: int) -> Step:
        ports = self.stage.ports
        match function:
            case "prepare" if not number:
                # What was accepted is there already: begin reads no document a second time.
                ports.checkpoints.save(self.project, dispatch.ACCEPTED, None, object)
                return partial(beginning.begin, self.project, ports)
            case "prepare":
                return partial(ports.projects.advance, self.project, dispatch.RENDERING)
            case "movie":
                return self._join
            case lane.FUNCTION:
                return self._in_lane
            case "finish":
                return partial(complete, self.project, self.stage.coalescer)
        return partial(self._piece, function)

    def _piece(self, function: str) -> None:
        """Made elsewhere; the progress of a project is a row of its own."""
        if function in ("plan", "scene"):
            self.stage.asked.write()

    def _join(self) -> None:
        project: Project = self.stage.projects.rows[self.project]
        key = str(project.movie_key)
        facts = {"duration": 60.0, "size": 1, "width": 1920, "height": 1080}
        stored = StoredObject(f"movies/{self.project}", 1, "", facts)
        self.stage._objects.there[stored.key] = stored
        self.stage.rendered[key] += 1
        outcome = Outcome(stored, Report("miss", key), new_at_ms=self.stage.account.now_ms())
        self.stage.ports.checkpoints.save(self.project, stages.MOVIE, outcome, Outcome)

    def failed(self, error: str) -> Step:
        told = {"Error": error, "Cause": ""}
        return partial(fail_with, self.project, told, self.stage.coalescer)

    def stopped(self, status: str) -> None:
        seconds = self._work.seconds["finish"]
        end = partial(stopped, self.project, status, self.stage.coalescer)
        self.stage.account.tell("finish", seconds, end)

    def over(self) -> None:
        self.stage.ports.checkpoints.forget(self.project)
