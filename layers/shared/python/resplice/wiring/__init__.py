"""Where adapters are picked and the environment is read. The only such place.

local      on one machine
aws        in a Lambda function
service    what the API's handler works with, whichever it is
"""
