"""Deliver: ends of projects told, and their movies sent, where documents say.

rounds   one entry of the outbox: each destination that is due, one after the other
parcels  what one destination gets
words    macros in what documents say
payload  what a webhook is told
replay   telling once more what was told, or was not
"""
