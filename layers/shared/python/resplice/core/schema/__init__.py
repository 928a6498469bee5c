"""The movie JSON as types: what a document may say, its defaults and its limits.

What an element may say is in core/elements, a folder for each type. Facts from `JSON2Video v2`:
names are kebab-case, seconds are floats, unknown keys are kept. Variables are resolved before (see
document.expand); nothing here knows time, pixels or files.
"""
