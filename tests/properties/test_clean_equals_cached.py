"""A movie made with the help of any cache has the frames and samples of one made from nothing."""

from __future__ import annotations

from drawn import Ranges
from edited import clean_studio, edited, movies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from resplice.ports.browser import Browser

MOVIES = 6
EDITS = 2


@settings(
    max_examples=MOVIES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_clean_equals_cached(data: st.DataObject, ranges: Ranges, painter: Browser) -> None:
    document = data.draw(movies(ranges), "movie")
    with clean_studio(painter) as warm:
        warm.render(document)
        for _ in range(EDITS):
            edited(document, data, ranges)
            with clean_studio(painter) as clean:
                assert warm.decoded(document) == clean.decoded(document), document
