"""What meets requests first: granian's RSGI interface, one coroutine for each request. docs/adr/0017 has the reasons.

It reads bodies on the event loop, answers the hot routes itself, and hands all other requests to Flask in a bounded
pool of threads. Nothing on the loop may block.
"""
