"""The contents of commands and of files, as the judge sends them."""

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

CommandContent = Mapping[str, Any]
Content = str | Mapping[str, str]  # of a file: a text, or {"base64": …}


def read_content(descriptor: int) -> CommandContent:
    """Return the content of a command, from a file in memory."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    content: CommandContent = json.loads(os.pread(descriptor, size, 0))
    os.close(descriptor)
    return content


def content_bytes(content: Content) -> bytes:
    """Return the bytes of a file."""
    return content.encode() if isinstance(content, str) else base64.b64decode(content["base64"])


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write data to a descriptor, however many writes that takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
