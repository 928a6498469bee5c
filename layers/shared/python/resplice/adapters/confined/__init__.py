"""Walls around every program that touches bytes from outside.

    programs.py    the table: what each program may ask of the kernel and read, and who needs it
    launching.py   starts one of them; what this kernel can hold (Walls)
    launcher.py    the bare program between us and them
    filters.py     system calls as a filter; syscalls.py their numbers

Nothing else starts a program that reads what others sent. An address space of its own, no
credentials, no network, no file but what was named: what a hostile file makes of a program stays
in there. What comes back is checked by who asked.
"""
