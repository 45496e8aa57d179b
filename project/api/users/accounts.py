"""Making and finding accounts; for the views and the commands."""

import sqlalchemy as sa

from project.api.users.models import User
from project.api.users.passwords import hash_password, is_password, needs_new_hash
from project.extensions import db
from project.roles import Role


def add_user(username: str, email: str, password: str, role: Role = Role.LEARNER) -> User:
    """Add a user; the caller commits. An `IntegrityError` says that name or address is taken."""
    user = User(username=username, email=email, password_hash=hash_password(password), role=role)
    db.session.add(user)
    db.session.flush()
    return user


def find_user(email: str) -> User | None:
    """Return the user with an e-mail address, whatever its case."""
    return db.session.scalar(sa.select(User).where(sa.func.lower(User.email) == sa.func.lower(email)))


def check_login(email: str, password: str) -> User | None:
    """Return the active user with this address and password. The caller commits: an outdated hash is renewed."""
    user = find_user(email)
    if not is_password(password, user.password_hash if user else None) or user is None or not user.active:
        return None
    if needs_new_hash(user.password_hash):
        user.password_hash = hash_password(password)
    return user
