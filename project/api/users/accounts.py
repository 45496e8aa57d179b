"""Adding and finding users, for the views and the commands."""

import sqlalchemy as sa

from project.api.invitations.inviting import is_usable, one_use
from project.api.users.models import User
from project.api.users.passwords import hash_password, verify_password
from project.extensions import db
from project.web.roles import Role


def add_user(username: str, email: str, password: str, role: Role = Role.LEARNER) -> User:
    """Add a user; the caller commits. Raises `IntegrityError` if the name or the address is taken."""
    user = User(username=username, email=email, password_hash=hash_password(password), role=role)
    db.session.add(user)
    db.session.flush()
    return user


def add_invited_user(username: str, email: str, password: str, code: str) -> User | None:
    """Add a learner, and use the invitation with this code once; return None if it cannot be used.

    The caller commits. Raises `IntegrityError` if the name or the address is taken: then the invitation is not used.
    """
    if not is_usable(code):  # no hash is computed for a wrong code
        return None
    password_hash = hash_password(password)
    taken = one_use(code)
    values = {User.username: username, User.email: email, User.password_hash: password_hash}
    row = sa.select(*map(sa.literal, values.values())).select_from(taken)
    return db.session.scalar(sa.insert(User).from_select(list(values), row).returning(User))


def find_user(email: str) -> User | None:
    """Return the user with an e-mail address, whatever its case."""
    return db.session.scalar(sa.select(User).where(sa.func.lower(User.email) == sa.func.lower(email)))


def has_password(user: User | None, password: str) -> bool:
    """Whether the user is active and has this password. The caller commits, since an outdated hash is renewed."""
    verified = verify_password(password, user.password_hash if user else None)
    if user is None or not verified.is_right or not user.active:
        return False
    if verified.new_hash:
        user.password_hash = verified.new_hash
    return True
