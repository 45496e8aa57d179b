"""What a learner may expect of JavaScript and does not find here, and what there is instead."""

import re

_OFFERED = "There are console, print, readline(), readAll(), and promises."
_MODULES = "Answers are scripts, not modules: define the function at the top level, without import, export or require."
_SENTENCES = {
    **dict.fromkeys(("module", "exports", "require", "define"), _MODULES),
    **dict.fromkeys(
        ("setTimeout", "setInterval", "setImmediate", "requestAnimationFrame"), f"There are no timers. {_OFFERED}"
    ),
    **dict.fromkeys(("document", "window", "alert", "prompt"), f"This is no browser. {_OFFERED}"),
    **dict.fromkeys(
        ("process", "Buffer", "fetch", "XMLHttpRequest"), f"There is neither Node nor a network. {_OFFERED}"
    ),
}
_UNKNOWN_NAME = re.compile(r"ReferenceError: '?([\w$]+)'? is not defined")
_MODULE_SYNTAX = re.compile(r"^\s*(?:import|export)\b(?!\s*\()", re.MULTILINE)


def advice(error: str, source: str) -> str:
    """Return the sentence that goes with an error's text, "" if there is none. `source`: what was run."""
    if error.startswith("SyntaxError") and _MODULE_SYNTAX.search(source):
        return _MODULES
    name = _UNKNOWN_NAME.match(error)
    return _SENTENCES.get(name[1], "") if name else ""
