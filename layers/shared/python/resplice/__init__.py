"""Resplice: a movie document to an MP4, re-rendering only what changed.

Data goes one way. Each stage takes one value and returns the next; nobody calls backwards.

    strict_json  bytes            → document            refuses what JSON leaves open
    expand       document         → document            variables, conditions, iteration resolved
    schema       document         → Movie               defaults, limits, every problem at once
    sources      Movie            → element tasks       what must be downloaded or painted
    timeline     Movie, facts     → Timeline            seconds become whole frames, once
    plan         Timeline         → Plan                segments and sounds as frozen tasks
    filtergraph  task, paths      → Invocation          an FFmpeg command line, as text
    keys         task, tools      → key                 where its result is stored: PIECE_KINDS
    caching      Movie            → bool                what `cache: false` means, for every layer

All of these are in core/ and pure. A type of element is a folder of core/elements and a row of
its table, a kind of work a row of core/tasks. A task is a frozen value; its fingerprint is its
storage key; "cached?" is "does the key exist?".

    steps/       gather → decide (core) → apply (ports): accept, prepare, element, plan, scene,
                 movie. May not import adapters. `run` does them all in one process; `waves` and
                 `stages` one by one, each leaving what the next needs (`handover`). `projects`
                 takes movies in, `flight` makes equal ones one execution, `landing` ends projects.
    ports/       what the outside must offer: a protocol in a module for each thing it is for.
    adapters/    one small file per outside thing. May not import steps.
    wiring/      picks adapters and reads the environment, on one machine (local) and in a Lambda
                 function (aws); nothing else does either.
    api/         the HTTP API: routes, queries, the shape of answers, errors to status. May not
                 import adapters or wiring, which gives it its `Service`.
    cli/         the command line, a file per command.
"""

__version__ = "0.1.0"
