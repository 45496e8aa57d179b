"""Invitations: with `REGISTRATION=invite`, registering requires the code of one."""
