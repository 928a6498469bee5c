"""Walls around every program that touches bytes from outside.

    programs.py    the table: what each program may ask of the kernel and read, and who needs it
    launching.py   starts one of them; what this kernel can hold (Walls)
    launcher.py    the bare program between us and them
    entering.py    what it does to itself before it becomes one of them; trees.py what they take
    protocol.py    what launching.py and launcher.py say to each other
    filters.py     system calls as a filter; syscalls.py their numbers

Nothing else starts a program that reads what others sent. An address space of its own, no
credentials, no network but the port that serves it, no file but what was named: what a hostile file
makes of a program stays in there. What comes back is checked by who asked.
"""
