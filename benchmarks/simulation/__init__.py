"""A discrete event simulation of a deployed stage, for `make simulate`: no AWS, no network.

measured.py   what a movie costs, read from the README's tables: nothing of it is written here
quotas.py     what an account and a stage allow, and the queues that come of it
records.py    the records of movies in memory, with what each request takes of the table
account.py    the agenda of what happens when, Lambda, and what the account was asked for
execution.py  one execution: core.workflow's steps, as infra/states.py has them tried again
stage.py      the real submit, coalescer, begin, complete and sweep on top of these
patterns.py   when movies come, and what is asked of the result
"""
