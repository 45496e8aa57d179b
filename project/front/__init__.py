"""The RSGI application that receives all requests from granian: one coroutine for each. docs/adr/0017 has the reasons.

It reads bodies on the event loop, responds to hot routes itself, and passes all other requests to Flask in a bounded
pool of threads. Nothing on the loop may block.
"""
