"""Writes that may be sent again: one with an Idempotency-Key is done once, and its repeats get the same response.

`keys` is the table of keys, `handling` what an operation does with a key. The row of a key is written in the
transaction of the write: both are committed, or neither, also when a process or the database crashes.
docs/adr/0012 has the reasons; the terms are those of draft-ietf-httpapi-idempotency-key-header.
"""
