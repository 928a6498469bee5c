"""A server of the Model Context Protocol: assistants validate, plan and render movies.

server      the tools and resources of one session, over standard input and output
tools       what each tool does, by calls on the HTTP API
answers     what tools give back
reference   what can be read about movies: their schema, and the components
"""
