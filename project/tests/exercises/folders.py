"""Folders that hold exercises, for the tests of imports."""

TABLE = """
title = "Adding"

[[cases]]
name = "small"
kind = "call"
function = "add"
arguments = [2, 3]
expected = 5
"""
HIDDEN = """
[[cases]]
name = "hidden"
kind = "stdout"
hidden = true
points = 2
code_file = "try_it.py"
expected = "42"
"""
GOOD = "def add(a, b):\n    return a + b\n"
STARTER = "def add(a, b):\n    pass\n"


def write(folder, files):
    """Write files by their names below the folder; None removes one."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        elif isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)
    return folder


def own(folder, **files):
    """Write an exercise of our own format."""
    return write(
        folder,
        {
            "exercise.toml": TABLE,
            "instructions.md": "Write `add(a, b)`.\n",
            "reference.py": GOOD,
            "starter.py": STARTER,
            **{name.replace("__", "."): text for name, text in files.items()},
        },
    )
