"""Executions of a state machine."""
