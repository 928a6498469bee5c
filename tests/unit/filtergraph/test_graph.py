"""A filtergraph being written: labels are made once, statements stay in order."""

from __future__ import annotations

from resplice.core.filtergraph.graph import Graph


def test_what_comes_out_of_one_chain_goes_into_the_next() -> None:
    graph = Graph()
    ground = graph.chain((), "color=c=red", "trim=end_frame=1")
    picture = graph.chain("0:v", "scale=2:2")
    graph.chain((ground, picture), "overlay")
    assert graph.text() == (
        "color=c=red,trim=end_frame=1[v1];\n[0:v]scale=2:2[v2];\n[v1][v2]overlay[v3]"
    )


def test_frames_are_had_twice_under_two_labels() -> None:
    graph = Graph()
    one, two = graph.split("0:v")
    assert one != two
    assert graph.text() == f"[0:v]split[{one}][{two}]"
