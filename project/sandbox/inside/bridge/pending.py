"""Changes of containers that came from the answer, and wait until nothing on this side reads what they change.

The tester's containers must not change while its code compares, shows or walks over them: the answer could empty a dict
between two of its entries. So what arrives for a container that is here already is kept, and put into it later: when a
call that the test makes itself has returned, or an assertion begins. Of several changes the last counts.

What the test itself has changed before that stays. It is sent to the answer, and replaces the answer's change. Where
the test has changed nothing, and hands the container over again, the answer gets what it made of it.
"""

from typing import Any

from .reading import iterated
from .shares import Share, Shares, replace


class PendingShares(Shares):
    """The containers of the tester's side."""

    def number(self, container: Any) -> int:
        """Return the number of a container that is being sent, and with it what the other side has to take it for."""
        share, _ = self.pending.get(id(container), (None, None))
        if share is not None and share.has_changed():
            del self.pending[id(container)]
        return super().number(container)

    def content(self, container: Any) -> Any:
        """Return what is sent as the content of a container that has got its number."""
        _, content = self.pending.get(id(container), (None, container))
        return content

    def forget_unheld(self) -> tuple[int, ...]:
        """Forget the containers that nobody holds on this side, and return their numbers on the wire."""
        for key in [key for key, (share, _) in self.pending.items() if not share.is_held()]:
            del self.pending[key]
        return super().forget_unheld()

    def apply(self) -> None:
        """Make the changes, but for those of containers that an iterator is going over."""
        waiting = dict(self.pending)
        self.pending.clear()
        walked = iterated(share.container for share, _ in waiting.values())
        for key, (share, content) in waiting.items():
            if key in walked:
                self.pending.setdefault(key, (share, content))
            elif share.has_changed():
                share.distrust()
            else:
                replace(share.container, content)
                share.note()

    def _take(self, share: Share, content: Any) -> None:
        self.pending.pop(id(share.container), None)
        if not share.has_just(content):
            self.pending[id(share.container)] = (share, content)
