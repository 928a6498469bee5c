"""Measures the numbers that the README tells, side by side in one run: `make bench`.

Nothing here is a test and nothing here passes or fails; ratios travel between machines, seconds
do not.
"""
