"""A learner's side that speaks the protocol itself, and says what no honest one says."""

import socket
import threading

import pytest

from project.sandbox.inside import bridge
from project.sandbox.inside.bridge.access_policy import AccessPolicy
from project.sandbox.inside.bridge.errors import ProtocolViolation
from project.sandbox.inside.bridge.peer import Peer
from project.tests.sandbox.bridge_pair import MALICIOUS_LEARNER, judge

# What all liars share: to hear a question, and to say a message made of whatever cards one likes.
SPEECH = """
import os, struct
Channel, encode = bridge.channel.Channel, bridge.encoder.encode
channel = Channel(fd)
class Card(tuple):
    pass
class Anything:
    def marshal(self, value): return tuple(value)
    def share_number(self, container): return 0
    def shared_content(self, container): return container
def card(*parts): return Card(parts)
def say(kind, body, returned=(), forgotten=(), changed=()):
    channel.send(kind + encode((returned, forgotten, changed, body), Anything()))
def klass(number, name="C", base="", bases=(), specials=(), denied=()):
    return card("class", number, (name, "m", base, bases, specials, denied))
def thing(number, **about):
    return card("object", number, klass(number + 1, **about), ())
def hear(): return channel.receive()
hear()
say(b"=", card("object", 1, klass(2, "module"), ()))
hear()  # asks for f
say(b"=", card("object", 3, klass(4, "function", specials=("__call__",)), ()))
hear()  # calls it
"""
IN_A_PROCESS = "import inside.bridge.channel, inside.bridge.encoder\nbridge = inside.bridge\n" + SPEECH

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

LIES = {
    "no message": "channel.send(b'')",
    "an unknown kind": "say(b'#', 5)",
    "no value": "channel.send(b'=')",
    "half a value": "channel.send(b'=t\\0\\0\\0\\4N')",
    "two values": "channel.send(b'=' + encode(((), (), (), 5), Anything()) + b'N')",
    "an unknown tag": "channel.send(b'=P')",
    "five, and no envelope": "channel.send(b'=' + encode(5, Anything()))",
    "a bent envelope": "say(b'=', 5, returned=[])",
    "a long message": "os.write(fd, struct.pack('>I', 2 ** 32 - 1))",
    "a deep value": "channel.send(b'=' + b't\\0\\0\\0\\1' * 100_000 + b'N')",
    "a billion items": "channel.send(b'=t' + b'\\xff' * 4)",
    "many small containers": "channel.send(b'=t' + struct.pack('>I', 1_000_000) + b'z\\0\\0\\0\\0' * 1_000_000)",
    "bad UTF-8": "channel.send(b'=s\\0\\0\\0\\1\\xff')",
    "a list as a key": "channel.send(b'=d' + b'\\0' * 7 + b'\\1' + b'l' + b'\\0' * 8 + b'N')",
    "an unknown composed type": "channel.send(b'=c' + encode('object', Anything()) + encode((), Anything()))",
    "a date that is none": "channel.send(b'=c' + encode('date', Anything()) + encode((2024, 13, 1), Anything()))",
    "a date of the wrong parts": "channel.send(b'=c' + encode('date', Anything()) + encode(('1', 1, 1), Anything()))",
    "a fraction by zero": "channel.send(b'=c' + encode('Fraction', Anything()) + encode((1, 0), Anything()))",
    "no card": "channel.send(b'=oN')",
    "an unknown card": "say(b'=', card('module', 'os'))",
    "a module": "say(b'=', card('library', 'os', 'system'))",
    "an unknown class": "say(b'=', card('known', 'TestCase'))",
    "a class that was not described": "say(b'=', card('object', 9, card('class', 10, None), ()))",
    "a class described twice": "say(b'=', (klass(9), klass(9)))",
    "a class of two layouts": "say(b'=', klass(9, bases=(card('known', 'OSError'), card('known', 'SyntaxError'))))",
    "a class that is its own base": "say(b'=', klass(9, bases=(card('class', 9, None),)))",
    "a class with an unknown special method": "say(b'=', klass(9, specials=('__getattribute__',)))",
    "a class of an unknown base": "say(b'=', klass(9, base='TestCase'))",
    "a class with a number for a name": "say(b'=', klass(9, name=5))",
    "a class with a NUL in its name": "say(b'=', klass(9, name='\\0'))",
    "a class with half a surrogate in its name": "say(b'=', klass(9, name='\\ud800'))",
    "an object of a known class": "say(b'=', card('object', 9, card('known', 'int'), ()))",
    "an object of exceptions": "say(b'=', card('object', 9, klass(10, bases=(card('known', 'OSError'),)), ()))",
    "an int that is a text": "say(b'=', card('object', 9, klass(10, base='int'), ('5',)))",
    "an exception of no class of exceptions": "say(b'!', card('exception', 9, card('known', 'int'), (), {}, ''))",
    "a failure without an exception": "say(b'!', 5)",
    "a failure that is an object": "say(b'!', thing(9))",
    "an object of the test's that was not handed over": "say(b'=', card('local', 99))",
    "a class of the test's that was only mentioned": "say(b'=', card('local', 2))",
    "a question to an object that was not handed over": "say(b'?', ('get', 99, ('x',)))",
    "a question to a class that was only mentioned": "say(b'?', ('call', 2, ('__call__', (), {})))",
    "a question to nobody": "say(b'?', ('module', 0, ('os',)))",
    "an unknown question": "say(b'?', ('eval', 1, ('1',)))",
    "a question to a private method": "say(b'?', ('_call', 1, ('1',)))",
    "a question of another shape": "say(b'?', ('get', 1, ('a', 'b')))",
    "a question about no name": "say(b'?', ('get', 1, (5,)))",
    "an unknown special method": "say(b'?', ('call', 1, ('__reduce__', (), {})))",
    "keywords that are none": "say(b'?', ('call', 1, ('__call__', (), {5: 6})))",
    "a return of what was not sent": "say(b'=', 5, returned=((77, 1),))",
    "a return of more than was sent": "say(b'=', 5, returned=((1, 2),))",
    "a return of less than nothing": "say(b'=', 5, returned=((1, -1),))",
    "a return of text": "say(b'=', 5, returned=(('1', 1),))",
    "a forgotten text": "say(b'=', 5, forgotten=('1',))",
    "too many classes": "say(b'=', tuple(klass(n) for n in range(9, 6_000)))",
}


@pytest.fixture
def told():
    """Tell a lie to a tester's side in this process, and return what it comes to."""
    ours, theirs = socket.socketpair()

    def lie(source):
        names = {"bridge": bridge, "fd": theirs.fileno()}
        liar = threading.Thread(target=exec, args=(f"{SPEECH}\n{source}", names))
        liar.start()
        try:
            return Peer(ours.fileno(), AccessPolicy(["a_test"])).call("module", None, "answer_module").f(lambda: 7)
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            liar.join()

    with ours, theirs:
        yield lie


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found_out(told, lie):
    with pytest.raises(ProtocolViolation):
        told(LIES[lie])


def test_what_is_no_lie_is_believed(told):
    assert told("say(b'=', {1: (2.5, ['three'])})") == {1: (2.5, ["three"])}


@pytest.mark.parametrize(
    "lie", ["an unknown tag", "a billion items", "a question to nobody", "a class described twice"]
)
def test_a_lie_ends_the_run_and_no_test_that_was_open_passes(lie):
    outcome = judge(f"{IN_A_PROCESS}\n{LIES[lie]}\nhear()", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.violation
    assert outcome.outcomes == {"test_a": "error", "test_b": "not_run", "test_c": "not_run"}


UNKIND = {
    "the end": "os._exit(0)",
    "the end within a message": "os.write(fd, b'\\0\\0\\0\\9='); os._exit(0)",
    "the end within a length": "os.write(fd, b'\\0\\0'); os._exit(0)",
}


@pytest.mark.parametrize("unkind", UNKIND)
def test_the_end_at_any_time_is_an_error_of_the_open_test_and_the_others_are_not_run(unkind):
    outcome = judge(f"{IN_A_PROCESS}\n{UNKIND[unkind]}", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.violation is None
    assert outcome.outcomes == {"test_a": "error", "test_b": "not_run", "test_c": "not_run"}


def test_the_liar_that_answers_well_is_believed():
    answers = "say(b'=', 5)\nhear()\nsay(b'!', card('exception', 9, card('known', 'OSError'), (), {}, ''))\nhear()"
    outcome = judge(f"{IN_A_PROCESS}\n{answers}", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.passed, outcome.results


def test_what_comes_before_it_is_asked_for_is_no_answer_to_something_else():
    lies = "for n in range(50): say(b'=', card('exception', n + 50, card('known', 'AssertionError'), (), {}, ''))"
    outcome = judge(f"{IN_A_PROCESS}\n{lies}\nhear()", TESTS, program=MALICIOUS_LEARNER)
    assert outcome.outcomes["test_a"] != "passed"


def test_too_many_objects_end_the_run():
    more = """
for start in (100_000, 200_000, 300_000):
    say(b'=', tuple(card('object', n, card('class', 4, None), ()) for n in range(start, start + 20_000)))
    hear()
"""
    outcome = judge(
        f"{IN_A_PROCESS}\n{more}",
        TESTS.replace("f(lambda: 7), 5", "[f() for n in range(3)], 5"),
        program=MALICIOUS_LEARNER,
    )
    assert outcome.violation == "Too many objects were sent."
    assert "passed" not in outcome.outcomes.values()


def test_questions_within_questions_end_as_recursion_does():
    deeper = """
depth = 0
while True:
    say(b'?', ('call', 1, ('__call__', (), {})))
    if hear()[:1] == b'!':
        break
for n in range(1000):
    say(b'=', 5)
    hear()
"""
    outcome = judge(
        f"{IN_A_PROCESS}\n{deeper}",
        TESTS.replace("lambda: 7", "g").replace("class", "def g(): return f(g)\n    class"),
        program=MALICIOUS_LEARNER,
    )
    assert outcome.violation is None
    assert outcome.outcomes["test_a"] == "passed"
