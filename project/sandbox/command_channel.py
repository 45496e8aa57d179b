"""The judge's end of the command protocol: one command is sent at a time, and each is answered by a reply.

Every command after `load` is sent with a fresh pipe for its standard output, and with a nonce that its reply repeats.
A reply without that nonce was not sent by the runner in the course of this command.
"""

import json
import os
import secrets
import socket
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack, suppress

from project.sandbox.command import LOAD, Command, Reply
from project.sandbox.ipc import OutputPipe, packet_sockets, sealed_file

MAX_MESSAGE = 160 * 1024  # the largest value of a call, with quotes and backslashes doubled, and the rest of a reply


class CommandChannel:
    """The commands for one process, its replies, and the output of each command."""

    def __init__(self, stack: ExitStack, limit: int) -> None:
        self.limit = limit  # of bytes, of the output of each command
        self._socket, self._their_socket = packet_sockets(stack)
        self._queue: deque[Command] = deque()
        self._current: tuple[Command, str] | None = None  # the command that is being carried out, and its nonce
        self.outputs: list[OutputPipe] = []
        self.replies: list[Reply] = []
        self.is_completed = False  # every command was carried out before the channel was closed

    @property
    def process_end(self) -> int:
        """The descriptor of the end that the process gets."""
        return self._their_socket.fileno()

    def close_process_end(self) -> None:
        """Close this process's copy of the other end, which would hide that the process closed its own."""
        self._their_socket.close()

    def fileno(self) -> int:
        """Return the descriptor of the judge's end."""
        return self._socket.fileno()

    @property
    def is_open(self) -> bool:
        """Whether more messages can follow."""
        return self._socket.fileno() >= 0

    @property
    def has_commands(self) -> bool:
        """Whether a command waits to be sent."""
        return bool(self._queue)

    def enqueue(self, commands: Iterable[Command]) -> None:
        """Add commands, which are sent one after the other."""
        self._queue.extend(commands)

    def send_next(self) -> None:
        """Send the next command. If there is none, close the channel, which ends the process."""
        if not self._queue:
            self.close()
            return
        command, nonce = self._queue.popleft(), secrets.token_hex(16)
        with ExitStack() as sent:
            # Closed also when sending fails: while this process has a copy of a writing end, the pipe does not end.
            sent.callback(command.close)
            descriptors = [sealed_file(json.dumps({**command.content, "nonce": nonce}).encode())]
            sent.callback(os.close, descriptors[0])
            if command.name != LOAD:
                self.outputs.append(OutputPipe(command.output_bytes or self.limit))
                sent.callback(self.outputs[-1].close_writing_end)
                descriptors.append(self.outputs[-1].writing_end)
            self._current = command, nonce
            try:
                socket.send_fds(self._socket, [command.name.encode()], [*descriptors, *command.descriptors])
            except OSError:
                self.close()  # the process has ended: its exit status says why

    def receive(self) -> bytes:
        """Return the next message; b"" when the process has closed its end."""
        try:
            return self._socket.recv(MAX_MESSAGE)
        except OSError:
            return b""

    def handle_reply(self, message: bytes) -> bool:
        """Keep a reply and send the next command. Return False, and close, if it is not a reply to the current one."""
        command, nonce = self._current or (None, "")
        reply = None
        if command is not None:
            with suppress(ValueError):
                reply = command.parse_reply(message, nonce)
        if command is None or reply is None:
            self.close()
            return False
        self._current = None
        if command.name != LOAD:
            self.replies.append(reply)
        if reply.is_exception and not command.may_raise:
            self.close()
        else:
            self.send_next()
        return True

    def close(self) -> None:
        """Send no more commands. A process that waits for one then exits.

        The descriptors of commands that were not sent are closed too: the process at their other end has to notice.
        """
        if self.is_open:
            self._socket.close()
            self.is_completed = not self._queue and self._current is None
        for command in self._queue:
            command.close()
        self._queue.clear()
