"""A learner's side that sends messages itself, including invalid ones."""

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
TWO_LAYOUTS = 'OSError', 'SyntaxError'
def refer(*parts): return Reference(parts)
def send(kind, body, returned=(), forgotten=(), changed=()):
    channel.send(kind + encode((returned, forgotten, changed, body), marshaller))
def describe(number, name="C", base="", bases=(), specials=(), denied=()):
    return refer("class", number, (name, "m", base, bases, specials, denied))
def new_object(number, **about):
    return refer("object", number, describe(number + 1, **about), ())
def receive(): return channel.receive()
receive()
send(b"=", refer("object", 1, describe(2, "module"), ()))
receive()  # asks for f
send(b"=", refer("object", 3, describe(4, "function", specials=("__call__",)), ()))
receive()  # calls it
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

INVALID = {
    "no message": "channel.send(b'')",
    "an unknown kind": "send(b'#', 5)",
    "no value": "channel.send(b'=')",
    "half a value": "channel.send(b'=t\\0\\0\\0\\4N')",
    "two values": "channel.send(b'=' + encode(((), (), (), 5), marshaller) + b'N')",
    "an unknown tag": "channel.send(b'=P')",
    "a value without an envelope": "channel.send(b'=' + encode(5, marshaller))",
    "a malformed envelope": "send(b'=', 5, returned=[])",
    "a long message": "os.write(fd, struct.pack('>I', 2 ** 32 - 1))",
    "a deep value": "channel.send(b'=' + b't\\0\\0\\0\\1' * 100_000 + b'N')",
    "a billion items": "channel.send(b'=t' + b'\\xff' * 4)",
    "many small containers": "channel.send(b'=t' + struct.pack('>I', 1_000_000) + b'z\\0\\0\\0\\0' * 1_000_000)",
    "bad UTF-8": "channel.send(b'=s\\0\\0\\0\\1\\xff')",
    "a list as a key": "channel.send(b'=d' + b'\\0' * 7 + b'\\1' + b'l' + b'\\0' * 8 + b'N')",
    "an unknown composed type": "channel.send(b'=c' + encode('object', marshaller) + encode((), marshaller))",
    "an invalid date": "channel.send(b'=c' + encode('date', marshaller) + encode((2024, 13, 1), marshaller))",
    "a date of the wrong parts": "channel.send(b'=c' + encode('date', marshaller) + encode(('1', 1, 1), marshaller))",
    "a fraction by zero": "channel.send(b'=c' + encode('Fraction', marshaller) + encode((1, 0), marshaller))",
    "no reference": "channel.send(b'=oN')",
    "an unknown reference": "send(b'=', refer('module', 'os'))",
    "a module": "send(b'=', refer('library', 'os', 'system'))",
    "an unknown class": "send(b'=', refer('known', 'TestCase'))",
    "a class that was not described": "send(b'=', refer('object', 9, refer('class', 10, None), ()))",
    "a class described twice": "send(b'=', (describe(9), describe(9)))",
    "a class of two layouts": "send(b'=', describe(9, bases=tuple(refer('known', name) for name in TWO_LAYOUTS)))",
    "a class that is its own base": "send(b'=', describe(9, bases=(refer('class', 9, None),)))",
    "a class with an unknown special method": "send(b'=', describe(9, specials=('__getattribute__',)))",
    "a class of an unknown base": "send(b'=', describe(9, base='TestCase'))",
    "a class with a number for a name": "send(b'=', describe(9, name=5))",
    "a class with a NUL in its name": "send(b'=', describe(9, name='\\0'))",
    "a class with half a surrogate in its name": "send(b'=', describe(9, name='\\ud800'))",
    "an object of a known class": "send(b'=', refer('object', 9, refer('known', 'int'), ()))",
    "an object of exceptions": "send(b'=', refer('object', 9, describe(10, bases=(refer('known', 'OSError'),)), ()))",
    "an int with a text as its value": "send(b'=', refer('object', 9, describe(10, base='int'), ('5',)))",
    "an exception of no class of exceptions": "send(b'!', refer('exception', 9, refer('known', 'int'), (), {}, ''))",
    "an error without an exception": "send(b'!', 5)",
    "an error that is an object": "send(b'!', new_object(9))",
    "an object of the test that was not sent": "send(b'=', refer('local', 99))",
    "a class of the test that was not sent as a value": "send(b'=', refer('local', 2))",
    "a request to an object that was not sent": "send(b'?', ('get', 99, ('x',)))",
    "a request to a class that was not sent as a value": "send(b'?', ('call', 2, ('__call__', (), {})))",
    "a request without an object": "send(b'?', ('module', 0, ('os',)))",
    "an unknown request": "send(b'?', ('eval', 1, ('1',)))",
    "a request for a private method": "send(b'?', ('_call', 1, ('1',)))",
    "a request with other arguments": "send(b'?', ('get', 1, ('a', 'b')))",
    "a request without a name": "send(b'?', ('get', 1, (5,)))",
    "an unknown special method": "send(b'?', ('call', 1, ('__reduce__', (), {})))",
    "keywords that are not texts": "send(b'?', ('call', 1, ('__call__', (), {5: 6})))",
    "a returned reference that was not sent": "send(b'=', 5, returned=((77, 1),))",
    "more returned references than were sent": "send(b'=', 5, returned=((1, 2),))",
    "a negative number of returned references": "send(b'=', 5, returned=((1, -1),))",
    "a text as a returned reference": "send(b'=', 5, returned=(('1', 1),))",
    "a text as a forgotten container": "send(b'=', 5, forgotten=('1',))",
    "too many classes": "send(b'=', tuple(describe(n) for n in range(9, 6_000)))",
}


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


@pytest.mark.parametrize("message", INVALID)
def test_an_invalid_message_is_a_protocol_violation(call_remotely, message):
    with pytest.raises(ProtocolViolation):
        call_remotely(INVALID[message])


def test_a_valid_message_is_accepted(call_remotely):
    assert call_remotely("send(b'=', {1: (2.5, ['three'])})") == {1: (2.5, ["three"])}


@pytest.mark.parametrize(
    "message", ["an unknown tag", "a billion items", "a request without an object", "a class described twice"]
)
def test_an_invalid_message_ends_the_run_and_the_current_test_does_not_pass(message):
    outcome = judge(f"{IN_A_PROCESS}\n{INVALID[message]}\nreceive()", TESTS, program=MALICIOUS_LEARNER)
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
    responses = (
        "send(b'=', 5)\nreceive()\nsend(b'!', refer('exception', 9, refer('known', 'OSError'), (), {}, ''))\nreceive()"
    )
    outcome = judge(f"{IN_A_PROCESS}\n{responses}", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.passed, outcome.results


def test_responses_before_a_request_do_not_pass_as_its_result():
    responses = (
        "for n in range(50): send(b'=', refer('exception', n + 50, refer('known', 'AssertionError'), (), {}, ''))"
    )
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
