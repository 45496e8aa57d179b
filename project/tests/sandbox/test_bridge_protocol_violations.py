"""A learner's side that sends messages itself, including invalid ones."""

import re
import socket
import threading

import pytest

from project.sandbox.inside import bridge
from project.sandbox.inside.bridge.access_policy import AccessPolicy
from project.sandbox.inside.bridge.errors import ProtocolViolation
from project.sandbox.inside.bridge.peer import Peer
from project.tests.sandbox.bridge_pair import MALICIOUS_LEARNER, judge

# The functions for receiving a request, and for sending a message with any references.
PROTOCOL = """
import os, struct
Channel, encode = bridge.channel.Channel, bridge.encoder.encode
channel = Channel(fd)
class Reference(tuple):
    pass
class ReferencesOnly:
    def marshal(self, value): return tuple(value)
    def share_number(self, container): return 0
    def shared_content(self, container): return container
marshaller = ReferencesOnly()
def refer(*parts): return Reference(parts)
def known(name): return refer('known', name)
def composed(name, *parts): channel.send(b'=c' + encode(name, marshaller) + encode(parts, marshaller))
TWO_LAYOUTS = known('OSError'), known('SyntaxError')
def send(kind, body, returned=(), forgotten=(), changed=()):
    channel.send(kind + encode((returned, forgotten, changed, body), marshaller))
def describe(number, name="C", base="", bases=(), specials=(), denied=()):
    return refer("class", number, (name, "m", base, bases, specials, denied))
def new_object(number, **about):
    return refer("object", number, describe(number + 1, **about), ())
def receive(): return channel.receive()
receive()
send(b"=", refer("object", 1, describe(2, "module"), ()))
receive()  # the request for the attribute f
send(b"=", refer("object", 3, describe(4, "function", specials=("__call__",)), ()))
receive()  # the request to call it
"""
IN_A_PROCESS = "import inside.bridge.channel, inside.bridge.encoder\nbridge = inside.bridge\n" + PROTOCOL

TESTS = """
    import unittest
    from answer_module import f
    class Test(unittest.TestCase):
        def test_a(self):
            self.assertEqual(f(lambda: 7), 5)
        def test_b(self):
            with self.assertRaises(BaseException):
                f()
        def test_c(self):
            pass
"""

# Invalid messages, by the reason for which they are rejected.
INVALID = {
    "A message has an unknown kind.": {
        "no message": "channel.send(b'')",
        "an unknown kind": "send(b'#', 5)",
    },
    "A value ends too early.": {
        "no value": "channel.send(b'=')",
        "half a value": "channel.send(b'=t\\0\\0\\0\\4N')",
        "a billion items": "channel.send(b'=t' + b'\\xff' * 4)",
    },
    "There is more than one value.": {
        "two values": "channel.send(b'=' + encode(((), (), (), 5), marshaller) + b'N')",
    },
    "A value has an unknown tag.": {
        "an unknown tag": "channel.send(b'=X')",
    },
    "A message is malformed.": {
        "a value without an envelope": "channel.send(b'=' + encode(5, marshaller))",
        "a malformed envelope": "send(b'=', 5, returned=[])",
        "a text as a returned reference": "send(b'=', 5, returned=(('1', 1),))",
        "a text as a forgotten container": "send(b'=', 5, forgotten=('1',))",
    },
    "A message is too long.": {
        "a long message": "os.write(fd, struct.pack('>I', 2 ** 32 - 1))",
    },
    "A value is nested too deeply.": {
        "a deep value": "channel.send(b'=' + b't\\0\\0\\0\\1' * 100_000 + b'N')",
    },
    "A message holds too many values.": {
        "many small containers": "channel.send(b'=t' + struct.pack('>I', 1_000_000) + b'z\\0\\0\\0\\0' * 1_000_000)",
    },
    "A text is not UTF-8.": {
        "bad UTF-8": "channel.send(b'=s\\0\\0\\0\\1\\xff')",
    },
    "An element of a set, or a key of a dict, is not hashable.": {
        "a list as a key": "channel.send(b'=d' + b'\\0' * 7 + b'\\1' + b'l' + b'\\0' * 8 + b'N')",
    },
    "A composed value is malformed.": {
        "an unknown composed type": "composed('object')",
    },
    "A date is malformed.": {
        "an invalid date": "composed('date', 2024, 13, 1)",
        "a date of the wrong parts": "composed('date', '1', 1, 1)",
    },
    "A Fraction is malformed.": {
        "a fraction by zero": "composed('Fraction', 1, 0)",
    },
    "A reference is malformed.": {
        "no reference": "channel.send(b'=oN')",
        "an unknown reference": "send(b'=', refer('module', 'os'))",
        "an object of a known class": "send(b'=', refer('object', 9, known('int'), ()))",
    },
    "The learner's side may not name a module.": {
        "a module": "send(b'=', refer('library', 'os', 'system'))",
    },
    "A class is unknown.": {
        "an unknown class": "send(b'=', known('TestCase'))",
    },
    "A class was not described.": {
        "a class that was not described": "send(b'=', refer('object', 9, refer('class', 10, None), ()))",
        "a class that is its own base": "send(b'=', describe(9, bases=(refer('class', 9, None),)))",
    },
    "A class is described twice, or there are too many.": {
        "a class described twice": "send(b'=', (describe(9), describe(9)))",
        "too many classes": "send(b'=', tuple(describe(n) for n in range(9, 6_000)))",
    },
    "No class is possible with this description.": {
        "a class of two layouts": "send(b'=', describe(9, bases=TWO_LAYOUTS))",
        "a class with a NUL in its name": "send(b'=', describe(9, name='\\0'))",
        "a class with half a surrogate in its name": "send(b'=', describe(9, name='\\ud800'))",
    },
    "The description of a class has unknown parts.": {
        "a class with an unknown special method": "send(b'=', describe(9, specials=('__getattribute__',)))",
        "a class of an unknown base": "send(b'=', describe(9, base='TestCase'))",
    },
    "The description of a class is malformed.": {
        "a class with a number for a name": "send(b'=', describe(9, name=5))",
    },
    "An object has a class without proxies.": {
        "an object of exceptions": "send(b'=', refer('object', 9, describe(10, bases=(known('OSError'),)), ()))",
    },
    "A plain value is not of the described type.": {
        "an int with a text as its value": "send(b'=', refer('object', 9, describe(10, base='int'), ('5',)))",
    },
    "An exception has a class that is not allowed.": {
        "an exception of no class of exceptions": "send(b'!', refer('exception', 9, known('int'), (), {}, ''))",
    },
    "An error is not an exception.": {
        "an error without an exception": "send(b'!', 5)",
        "an error that is an object": "send(b'!', new_object(9))",
    },
    "An object was not sent.": {
        "an object of the test that was not sent": "send(b'=', refer('local', 99))",
        "a class of the test that was not sent as a value": "send(b'=', refer('local', 2))",
        "a request to an object that was not sent": "send(b'?', ('get', 99, ('x',)))",
        "a request to a class that was not sent as a value": "send(b'?', ('call', 2, ('__call__', (), {})))",
    },
    "The learner's side requests an unknown operation.": {
        "a request without an object": "send(b'?', ('module', 0, ('os',)))",
        "an unknown request": "send(b'?', ('eval', 1, ('1',)))",
        "a request for a private method": "send(b'?', ('_call', 1, ('1',)))",
        "a request with other arguments": "send(b'?', ('get', 1, ('a', 'b')))",
        "a request without a name": "send(b'?', ('get', 1, (5,)))",
    },
    "The learner's side requests a special method that is not allowed.": {
        "an unknown special method": "send(b'?', ('call', 1, ('__reduce__', (), {})))",
        "keywords that are not texts": "send(b'?', ('call', 1, ('__call__', (), {5: 6})))",
    },
    "A reference is returned that was not sent.": {
        "a returned reference that was not sent": "send(b'=', 5, returned=((77, 1),))",
        "more returned references than were sent": "send(b'=', 5, returned=((1, 2),))",
        "a negative number of returned references": "send(b'=', 5, returned=((1, -1),))",
    },
}
CASES = [(reason, name) for reason, sources in INVALID.items() for name in sources]
SOURCES = {name: source for sources in INVALID.values() for name, source in sources.items()}


@pytest.fixture
def call_remotely():
    """Make a remote call from a tester's side in this process; return the result that the learner's side sends."""
    ours, theirs = socket.socketpair()

    def call(source):
        names = {"bridge": bridge, "fd": theirs.fileno()}
        learner = threading.Thread(target=exec, args=(f"{PROTOCOL}\n{source}", names))
        learner.start()
        try:
            return Peer(ours.fileno(), AccessPolicy(["a_test"])).call("module", None, "answer_module").f(lambda: 7)
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            learner.join()

    with ours, theirs:
        yield call


@pytest.mark.parametrize(("reason", "message"), CASES)
def test_an_invalid_message_is_a_protocol_violation(call_remotely, reason, message):
    with pytest.raises(ProtocolViolation, match=re.escape(reason)):
        call_remotely(SOURCES[message])


def test_a_valid_message_is_accepted(call_remotely):
    assert call_remotely("send(b'=', {1: (2.5, ['three'])})") == {1: (2.5, ["three"])}


@pytest.mark.parametrize(
    "message", ["an unknown tag", "a billion items", "a request without an object", "a class described twice"]
)
def test_an_invalid_message_ends_the_run_and_the_current_test_does_not_pass(message):
    outcome = judge(f"{IN_A_PROCESS}\n{SOURCES[message]}\nreceive()", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.violation
    assert outcome.outcomes == {"test_a": "error", "test_b": "not_run", "test_c": "not_run"}


ENDS = {
    "the end": "os._exit(0)",
    "the end within a message": "os.write(fd, b'\\0\\0\\0\\9='); os._exit(0)",
    "the end within a length": "os.write(fd, b'\\0\\0'); os._exit(0)",
}


@pytest.mark.parametrize("end", ENDS)
def test_the_end_of_the_process_is_an_error_of_the_current_test_and_the_others_are_not_run(end):
    outcome = judge(f"{IN_A_PROCESS}\n{ENDS[end]}", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.violation is None
    assert outcome.outcomes == {"test_a": "error", "test_b": "not_run", "test_c": "not_run"}


def test_correct_responses_of_a_malicious_learner_are_accepted():
    responses = "send(b'=', 5)\nreceive()\nsend(b'!', refer('exception', 9, known('OSError'), (), {}, ''))\nreceive()"
    outcome = judge(f"{IN_A_PROCESS}\n{responses}", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.passed, outcome.results


def test_responses_before_a_request_do_not_pass_as_its_result():
    responses = "for n in range(50): send(b'=', refer('exception', n + 50, known('AssertionError'), (), {}, ''))"
    outcome = judge(f"{IN_A_PROCESS}\n{responses}\nreceive()", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.outcomes["test_a"] != "passed"


def test_too_many_objects_end_the_run():
    more = """
for start in (100_000, 200_000, 300_000):
    send(b'=', tuple(refer('object', n, refer('class', 4, None), ()) for n in range(start, start + 20_000)))
    receive()
"""
    outcome = judge(
        f"{IN_A_PROCESS}\n{more}",
        TESTS.replace("f(lambda: 7), 5", "[f() for n in range(3)], 5"),
        program=MALICIOUS_LEARNER,
    )
    assert outcome.violation == "Too many objects were sent."
    assert "passed" not in outcome.outcomes.values()


def test_nested_requests_end_with_a_recursion_error():
    deeper = """
depth = 0
while True:
    send(b'?', ('call', 1, ('__call__', (), {})))
    if receive()[:1] == b'!':
        break
for n in range(1000):
    send(b'=', 5)
    receive()
"""
    outcome = judge(
        f"{IN_A_PROCESS}\n{deeper}",
        TESTS.replace("lambda: 7", "g").replace("class", "def g(): return f(g)\n    class"),
        program=MALICIOUS_LEARNER,
    )
    assert outcome.violation is None
    assert outcome.outcomes["test_a"] == "passed"
