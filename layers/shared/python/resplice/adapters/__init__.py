"""One small file per outside thing; the only place for boto3, subprocess, sockets and files.

Adapters know ports and core values; they may not import steps or wiring, nor each other's insides.
"""
