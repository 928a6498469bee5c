"""The order of the steps that make a movie, as data. It runs nothing and knows no movie.

    Prepare → Elements → Prepare → … → Plan → Scenes → Movie → Finish

Two executors walk it: infra/states.py writes it as a state machine, steps/execution/executor.py
follows it in one process. What is called has the name of its function, its step and its tests.

The state between two steps is a JSON object: `project`, `owner` (whose, once it is prepared),
`attempt` (how often the run began anew),
`round` (of element tasks, from 1; 0 before the first), and from the steps that name work `count`
(how many tasks), `tasks` (each with its `index` and `function`) or, when they are many, `items`
(where they lie).
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.frozen import frozen

MAX_ATTEMPTS = 3
"""How often a run begins anew because something that was in the cache is gone or damaged."""
DEADLINE_SECONDS = 3600
"""How long one execution may take."""
MAX_INLINE_TASKS = 40
"""Tasks that travel in the state; more are read from where they lie. Step Functions runs at most
40 iterations of an inline map at once, and its state holds 256 KiB."""


@frozen
class Call:
    """A step that calls one function once.

    inputs    names in the state that the function is given
    restarts  whether a NotFound of it begins a new attempt: a stored piece is gone or damaged
    tells     whether what the function answers is the state from then on; else that stays
    """

    name: str
    function: str
    inputs: tuple[str, ...]
    then: str | None
    restarts: bool = True
    tells: bool = True


@frozen
class ForEach:
    """A step that calls a function for each task that the step before has named.

    function  None when each task names its own
    records   whether the function records whatever fails, for a later step to report; else the
              first failure ends the step
    waits     whether its calls wait for work that is done elsewhere, so that many are made at a
              time; else each of them fills a core
    then      the next step; `without` is the next one when there are no tasks
    """

    name: str
    function: str | None
    inputs: tuple[str, ...]
    then: str
    without: str
    records: bool = False
    waits: bool = False

    @property
    def restarts(self) -> bool:
        """As in a Call; but a step that records its failures raises none."""
        return not self.records


Step = Call | ForEach

STEPS: tuple[Step, ...] = (
    Call("Prepare", "prepare", ("project", "attempt", "round"), then="Elements"),
    ForEach(
        *("Elements", None, ("project", "owner", "round", "index")),
        then="Prepare",
        without="Plan",
        records=True,
        waits=True,
    ),
    Call("Plan", "plan", ("project", "owner", "attempt"), then="Scenes"),
    ForEach("Scenes", "scene", ("project", "owner", "index"), then="Movie", without="Movie"),
    Call("Movie", "movie", ("project", "owner"), then="Finish", tells=False),
    Call("Finish", "finish", ("project",), then=None),
)
FIRST = STEPS[0].name
FAILED = Call("Failed", "finish", ("project", "error"), then=None, restarts=False)
"""Where an error from any step leads, when neither a retry nor a new attempt helps."""


def step(name: str) -> Step:
    return next(each for each in STEPS if each.name == name)


def first_state(project: str, attempt: int = 0) -> dict[str, object]:
    """The state in which a run begins, or begins anew."""
    return {"project": project, "attempt": attempt, "round": 0}


def functions() -> Iterator[str]:
    """The functions that steps name; those that tasks name are in the table of makers."""
    yield from dict.fromkeys(each.function for each in STEPS if each.function)
