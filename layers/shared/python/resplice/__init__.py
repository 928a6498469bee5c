"""Resplice: a movie document to an MP4, re-rendering only what changed.

The core decides, steps do, adapters touch the outside. Work is a frozen value, a task; its
fingerprint is its storage key, so "is it cached?" is "does the key exist?".

core/ is pure. Data goes one way through it: each stage takes one value and returns the next.

    core/document/        bytes → document: strict JSON, then variables, conditions, repetition
    core/schema/          document → Movie: defaults, limits, all problems at once
    core/sources.py       Movie → element tasks: what must be downloaded or painted first
    core/timeline.py      Movie, facts → Timeline: when all is seen and heard. core/lengths.py says
                          it in seconds; a second becomes a frame by core/frame_grid.py, everywhere
    core/plan.py          Timeline → Plan: segments, sounds: core/pieces.py; core/stills.py: a frame
    core/filtergraph/     task → an FFmpeg command line; core/mp4/, core/h264/: pieces → a movie
    core/keys.py          task → key; core/piece_keys.py for pieces. A version is raised in the
                          row of its kind: in PIECE_KINDS there, in TASKS (below), for whole movies
                          in core/fingerprint.py, for the painter in adapters/chromium/installed.py
    core/caching.py       what is forced: the meaning of `cache: false` for a movie, scene, element
    core/workflow.py      the order of the steps of a movie, as data
    core/voices/          who says a text; core/voices/catalogue/ has the voices of every provider
    core/prices.py        what paid work costs. core/{provenance,credentials}.py: what made a movie

What comes in kinds is a table, and a new kind is a file or folder and a row.

    core/elements/        TYPES: core/elements/{image,video,audio,text,html,component,voice}/,
                          core/elements/{audiogram,subtitles}/, each with model.py (what it may
                          say), needs.py (its tasks), shown.py or heard.py. Each component is a
                          folder of data in its catalog
    core/tasks/           TASKS: each kind of element task, with the version in its key
    steps/makers/         MAKERS: who makes each kind of task; paint.py makes painted texts
    core/facts.py         FACTS: what can be known of bytes once they are made
    core/composition.py   PICTURES: what a layer can show. core/exports/: KINDS of destinations
    core/providers.py     PROVIDERS: who speaks, transcribes, generates; core/models.py: of what
    core/captions/        words with times, or a file of captions, to pages and frames
    core/text/            text, settings to a painted page; core/text/styles/ has a file a style

steps/ are the use cases: gather, decide (core), apply (ports). They import no adapter.

    steps/projects.py     what callers do: submit a movie, look at one, list all; bulks.py: many
    steps/{element_cache,answers,movie_cache}.py  how elements and movies are found again
    steps/pipeline/       accept, prepare, element, plan, scene, stills, movie: the stages of one
    steps/execution/      a project from submit.py to its end. coalesce.py makes equal submits one
                          execution. dispatch.py (element tasks, in rounds) and stages.py (plan,
                          scenes, movie) do the steps of core/workflow.py; executor.py follows it
                          here (local.py; call.py: for one caller), a state machine on AWS
                          (infra/states.py). complete.py: an end. proving.py; steps/deliver/ tells

Around them:

    ports/                what the outside must offer: a protocol in a file for each purpose
    adapters/             how, a folder a technology: adapters/{chromium,cloudwatch,confined,disk,
                          dynamodb,espeak,faster_whisper,ffmpeg,http_server,kokoro,lambda_,memory,
                          pocketsphinx,processes,providers,s3,secrets_manager,senders,sqlite,
                          stepfunctions,threads,web}/. AWS takes 6 MB and 256 KiB: core/workflow.py,
                          adapters/lambda_/answer_size.py; 400 KB: adapters/dynamodb/projects.py
    api/                  the HTTP API: a file per resource; api/errors.py chooses the status
    cli/, client/, mcp/   the command line, a file per command; for Python programs; for assistants
    wiring/               picks adapters, and alone reads RESPLICE_ variables: local.py, serving.py
                          here, aws.py in a Lambda function (functions.py: which ports it has)
    errors.py  frozen.py  every error that a user can meet, as one tree; what makes values
"""

__version__ = "0.1.0"
