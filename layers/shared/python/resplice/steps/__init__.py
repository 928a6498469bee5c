"""One use case per file, named like its Lambda function: gather → decide (core) → apply (ports).

Steps know ports and core; they may not import adapters or wiring.
"""
