"""Invitations: with `REGISTRATION=invite`, a new account needs the code of one."""
