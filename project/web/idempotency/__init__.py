"""Writes that may be sent again: one that carries an Idempotency-Key is done once, and its repeats get its answer.

`keys` is what the database knows of a key, `repeats` what an operation does with one. A key's row is written in the
transaction of the write itself: both are there afterwards, or neither, whenever a process or the database dies.
docs/adr/0012 says why it is like this; the words are those of draft-ietf-httpapi-idempotency-key-header.
"""
