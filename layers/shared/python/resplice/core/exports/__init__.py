"""Exports: where a movie is sent when it has ended, as a document says it. Pure.

kinds     KINDS, the one table of kinds of destinations
model     what a document may say
targets   a document's destinations, completed with what connections say, and what is wrong
secrecy   a document without the secrets of its destinations
delivery  what has become of one destination, and when it is tried again
"""
