"""Making and finding accounts; for the views and the commands."""

import sqlalchemy as sa

from project.api.users.models import User
from project.api.users.passwords import hash_password, verify_password
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


def has_password(user: User | None, password: str) -> bool:
    """Whether it is the password of this user, who is active. The caller commits: an outdated hash is renewed."""
    verified = verify_password(password, user.password_hash if user else None)
    if user is None or not verified.is_right or not user.active:
        return False
    if verified.new_hash:
        user.password_hash = verified.new_hash
    return True
