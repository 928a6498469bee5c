"""Where adapters are picked and the environment is read. The only such place.

local      on one machine; serving  the HTTP API there
aws        in a Lambda function; functions  which ports each of them has
deployed   for commands about a stage on AWS
service    what the API is given, wherever it runs
tools      the names of FFmpeg, the resizer and the browser, for the keys of the cache
"""
