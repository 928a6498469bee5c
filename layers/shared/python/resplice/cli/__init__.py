"""The command line, a file per command. It parses, calls a step and prints the end; no more.

main       the parser, and what an error is in words and in an exit code
options    what several commands take
failures   what is said when something is wrong
render serve cache keys     the commands
terminal   what a render shows
saves, watched_files, watch_screen, watch_text     what `watch` renders, and when; what it says
"""
