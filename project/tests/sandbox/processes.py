"""The state of processes, from /proc."""

import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

WAIT_SECONDS = 20.0


def until(condition):
    """Wait until a condition is true, and return its value; fail after WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.005)
    return value


def state(pid):
    """Return the letter of a process's state; an empty text if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_gone(pid):
    return state(pid) in ("", "Z")


def threads(pid):
    """Return how many threads a process has; 0 if it has ended."""
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children(pid):
    """Return the processes whose parent this is, zombies too.

    The kernel has a list for each thread. To read the state of all processes would take a hundred times as long.
    """
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*"):  # none if it has ended
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return found


def descriptors(pid="self"):
    """Return the descriptors of a process, as texts."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(entry.readlink()))
        except FileNotFoundError:  # the one that lists them
            continue
    return sorted(found)


@contextmanager
def all_descriptors_closed():
    """Fail if a descriptor that is opened within stays open. Other threads may close what was open before."""
    before = Counter(descriptors())
    yield
    assert until(lambda: not Counter(descriptors()) - before)
