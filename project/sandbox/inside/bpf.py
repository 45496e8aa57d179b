"""An assembler for seccomp filters: it turns a table of rules into classic BPF, without libseccomp.

The layout of a filter's input is `struct seccomp_data` in linux/seccomp.h: number, architecture, instruction pointer,
then six arguments of 64 bits, which BPF reads as two words each.
"""

import platform
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from . import numbers

LOAD, AND, JUMP, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = (
    0x20,
    0x54,
    0x05,
    0x15,
    0x35,
    0x06,
)  # BPF_LD|W|ABS and so on, linux/bpf_common.h
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, KILL = 0x7FFF0000, 0x80000000
X32_BIT = 0x40000000
WORD = 0xFFFFFFFF
ALL = 0xFFFFFFFFFFFFFFFF


def errno(number: int) -> int:
    """Return the action that refuses a call with an error number."""
    return 0x00050000 | number


class Condition(NamedTuple):
    """A condition on an argument of a call: its bits in `mask` must equal `value`."""

    argument: int
    value: int
    mask: int = ALL


Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand
Body = list[Instruction]  # always ends by returning
Rules = Mapping[str, Sequence[Sequence[Condition]]]  # a call passes when all conditions of one alternative hold


def assemble(allowed: Iterable[str], rules: Rules, refusals: Mapping[str, int], default: int) -> bytes:
    """Return a filter: calls in `allowed` pass, those in `rules` if their arguments do, all others get `default`.

    `refusals` names calls that get another action; of those in `rules`, when their arguments do not pass. A foreign
    architecture is killed, as are x32 calls.
    """
    table = numbers.table()
    bodies: dict[int, Body] = {table[name]: [(RETURN, 0, 0, ALLOW)] for name in allowed if name in table}
    bodies |= {table[name]: [(RETURN, 0, 0, action)] for name, action in refusals.items() if name in table}
    for name, alternatives in rules.items():
        if name in table:
            checks = [instruction for conditions in alternatives for instruction in _alternative(conditions)]
            bodies[table[name]] = [*checks, (RETURN, 0, 0, refusals.get(name, default))]
    if platform.machine() == "x86_64":
        bodies[X32_BIT] = [(RETURN, 0, 0, KILL)]
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, numbers.AUDIT_ARCHITECTURES[platform.machine()]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        *_search(_ranges(bodies, [(RETURN, 0, 0, default)])),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _ranges(bodies: Mapping[int, Body], default: Body) -> list[tuple[int, Body]]:
    """Return the first number and the body of each range; adjacent ranges with the same body are merged."""
    found: list[tuple[int, Body]] = [(0, default)]
    for number in sorted(bodies):
        for first, body in ((number, bodies[number]), (number + 1, default)):
            if found[-1][0] == first:
                found.pop()
            if not found or found[-1][1] != body:
                found.append((first, body))
    if bodies.get(X32_BIT):
        found.pop()  # the last range has no end
    return found


def _search(ranges: Sequence[tuple[int, Body]]) -> Body:
    """Return a binary search: on installation the kernel runs a filter for every call number."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    lower, upper = _search(ranges[:middle]), _search(ranges[middle:])
    # A conditional jump can skip at most 255 instructions.
    return [(JUMP_AT_LEAST, 0, 1, ranges[middle][0]), (JUMP, 0, 0, len(lower)), *lower, *upper]


def _alternative(conditions: Sequence[Condition]) -> list[Instruction]:
    """Return the instructions that allow a call if all conditions hold, and otherwise continue after them."""
    checks: list[list[Instruction]] = []
    for argument, value, mask in conditions:
        for shift, offset in ((0, 0), (32, 4)):  # little-endian: the low word comes first
            wanted, relevant = value >> shift & WORD, mask >> shift & WORD
            if relevant:
                masking = [] if relevant == WORD else [(AND, 0, 0, relevant)]
                checks.append([(LOAD, 0, 0, ARGUMENTS + 8 * argument + offset), *masking, (JUMP_EQUAL, 0, 0, wanted)])
    body = [instruction for check in checks for instruction in check]
    body.append((RETURN, 0, 0, ALLOW))
    return [
        (code, yes, len(body) - place - 1 if code == JUMP_EQUAL else no, operand)
        for place, (code, yes, no, operand) in enumerate(body)
    ]
