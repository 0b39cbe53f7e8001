"""The hottest endpoints and all live streams, raw ASGI, in front of Django on the same port.

Must not know the other edges: what it presents is presented by functions handed to it at start.
"""
