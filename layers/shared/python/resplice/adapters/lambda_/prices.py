"""What AWS gives a function, and what it asks for that. Infra and benchmarks read it too.

Dollars: Lambda, x86, in us-east-1, first tier.
"""

MAX_FUNCTION_MB = 3008
"""What a new account may give a function, and what those have that render."""
DOLLARS_A_GIB_SECOND = 0.0000166667
