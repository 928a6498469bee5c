"""The HTTP API: reading of requests, shaping of answers; nothing else.

operation       one endpoint as a row: what it takes, what it answers, who may
movies templates exports health   a file per resource: its OPERATIONS
app             all operations as one Lambda handler, safe over threads
documentation   /openapi.json and /docs, made of all rows by `openapi`
movie_json      a project as answers have it, and how it is made to fit
template_json   a template as answers have it; template_payload: as it is sent
pages           which projects a listing asks for
authorization   who calls; cross_origin: which web pages' scripts may
errors          errors to status and body
answers         a JSON answer, with its timestamp
timestamps      times and dates as callers write and read them
service         what the operations work with, given by wiring
"""
