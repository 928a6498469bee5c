"""Who speaks, transcribes and generates over the network: a file for each thing a provider does.

Those that run here have folders beside this one.
"""
