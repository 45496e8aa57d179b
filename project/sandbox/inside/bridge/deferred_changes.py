"""Changes of shared containers that the answer made, deferred until nothing on the tester's side reads the container.

The tester's containers must not change while its code compares, formats or iterates over them: the answer could empty a
dict between two of its entries. So the content received for an existing container is kept, and applied later: when a
call that the test itself made has returned, or an assertion begins. Of several changes the last one counts.

A change that the test itself has made in the meantime takes precedence: it is sent to the answer, and the answer's
change is discarded. If the test sends the container again without a change, the answer receives its own.
"""

from typing import Any

from .read_detection import iterated
from .shared_containers import SharedContainer, SharedContainers, replace


class DeferredSharedContainers(SharedContainers):
    """The shared containers of the tester's side."""

    def share_number(self, container: Any) -> int:
        """Return the number of a container that is being sent. A change by the test discards the deferred one."""
        share, _ = self.deferred.get(id(container), (None, None))
        if share is not None and share.has_changed():
            del self.deferred[id(container)]
        return super().share_number(container)

    def shared_content(self, container: Any) -> Any:
        """Return the content to be sent for a container."""
        _, content = self.deferred.get(id(container), (None, container))
        return content

    def forget_unreferenced(self) -> tuple[int, ...]:
        """Forget the containers to which nothing on this side refers, and return their numbers."""
        for key in [key for key, (share, _) in self.deferred.items() if not share.is_referenced()]:
            del self.deferred[key]
        return super().forget_unreferenced()

    def apply_deferred(self) -> None:
        """Apply the changes, except those of containers over which an iterator exists."""
        deferred = dict(self.deferred)
        self.deferred.clear()
        being_iterated = iterated(share.container for share, _ in deferred.values())
        for key, (share, content) in deferred.items():
            if key in being_iterated:
                self.deferred.setdefault(key, (share, content))
            elif share.has_changed():
                share.mark_unknown()
            else:
                replace(share.container, content)
                share.mark_synchronized()

    def _update(self, share: SharedContainer, content: Any) -> None:
        self.deferred.pop(id(share.container), None)
        if not share.is_synchronized_with(content):
            self.deferred[id(share.container)] = (share, content)
