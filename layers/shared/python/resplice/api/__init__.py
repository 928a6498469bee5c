"""The HTTP API: routes, parsing of queries, shaping of answers; nothing else.

app             the routes of all resources as one Lambda handler, safe over threads
movies health   a file per resource
movie_json      a project as answers have it, and how it is made to fit
pages           which projects a listing asks for
authorization   who may call
errors          errors to status and body
answers         a JSON answer, with its timestamp
timestamps      times and dates as callers write and read them
service         what the routes work with, given by wiring
"""
