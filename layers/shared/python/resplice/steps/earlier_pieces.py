"""What an earlier render took, and its pieces: what the next one is reckoned from."""

from __future__ import annotations

from threading import Lock

from resplice.core.estimate import RENDERING, Earlier, Measured
from resplice.errors import DocumentError, MakeError
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps import media
from resplice.steps.cached_elements import NO_RUN, cached_elements
from resplice.steps.expected import accepted_again, measured
from resplice.steps.forecast_reasons import MOST_HERE
from resplice.steps.pipeline.plan import plan_movie

Pieces = tuple[Measured, ...]
MOST_KEPT = 64
"""Projects whose pieces are kept in mind: with each edit one asks for the same again, and to plan
its movie would take as long as the forecast itself.
"""
MOST_CHARS = 200_000
"""Of a document that is read while others wait."""
_kept, _alone = dict[str, Pieces](), Lock()


def earlier(since: Project) -> Earlier | None:
    """What the render took, if it made something."""
    report = since.report if since.kind == "movie" else None
    if not (report and since.ended_at_ms and RENDERING in report.get("timings_ms", {})):
        return None
    made = {each["key"] for each in report["elements"] if each["result"] != "hit"}
    return Earlier(report["timings_ms"], since.ended_at_ms - since.created_at_ms, len(made))


def pieces_of(since: Project, ports: Ports) -> Pieces:
    """What a movie that was rendered is made of, as far as it is there: the scene that is edited as
    it was, too. None of one that is large. Raises StorageError.
    """
    with _alone:
        found = _kept.get(since.id)
    if found is None:
        found = _planned(since, ports)
        with _alone:
            _kept[since.id] = found
            while len(_kept) > MOST_KEPT:
                del _kept[next(iter(_kept))]
    return found


def _planned(since: Project, ports: Ports) -> Pieces:
    """What is wrong with that movie now is no fault of the one that is asked about."""
    if _is_large(since):
        return ()
    try:
        movie = media.as_now(accepted_again(since.document, ports), ports)
        cached = cached_elements(movie, ports)
        if cached.missing:
            return ()
        planned = plan_movie(movie.movie, cached.facts, ports, NO_RUN, movie.offers)
    except (DocumentError, MakeError):
        return ()
    return tuple(measured(planned.done()))


def _is_large(since: Project) -> bool:
    """Told without reading it."""
    elements = since.report["elements"] if since.report else ()
    return len(since.document) > MOST_CHARS or len(elements) > MOST_HERE
