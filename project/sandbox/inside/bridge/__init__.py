"""A test module in one sandbox, the learner's answer in another: unittest whose result the answer cannot forge.

The tester runs the test module; it is trusted. The learner's side holds the answer; nothing that it says is. They share
one stream socket. For the test nothing is unusual: `import two_fer` gives it a module, whose functions and classes it
calls and whose exceptions it catches. But what it holds are proxies, and each call is a question over the socket:

    tester                                            learner
    two_fer.Clock(8, 0)      -- do __call__ ------->  makes it, keeps it under the number 5
    a proxy, of a mirror     <-- object 5 of class 4, which has __add__ and __eq__
    clock + 30               -- do __add__ 5 (30,) ->
    list_ops.apply(f, [1])   -- do __call__ ------->
                             <-- do __call__ on the tester's object 2: the test's own `f`
                             -- answer ------------>
                             <-- answer, and the list, if `apply` changed it

Read it in this order:

    errors       how the bridge itself fails
    values       what both sides know: builtin types, and the types that are made of a few plain parts
    wire         how values are written as bytes
    packing      many ints at once
    encoder      values to bytes
    costs        what reading a message may cost
    decoder      bytes to values, strictly; no pickle, nothing is evaluated or imported
    channel      messages on the socket
    specials     the special methods that cross
    remotes      the identity of an object on the other side; when the last proxy goes, the other side is told
    proxies      stand for objects and classes of the other side, and ask it nearly everything
    comparing    who decides `==` and `<`: between a proxy and a plain value, the tester
    shared_classes    classes of modules that both sides have
    mirrors      classes here for the classes over there
    shares       lists and dicts that both sides hold, and change in place
    reading      whether code may be in the middle of reading them
    pending      changes of the tester's containers, which wait until nothing reads them
    exports      the objects of this side that the other may name
    crossing     how all that is no plain value is written into a message
    peer         the conversation: questions, answers, and questions within questions
    learner      the learner's side: does what it is asked, `serve`
    policy       what the learner's side may do with the tester's objects
    assertions   those of the test that the answer catches
    cases        assertions that do more with their arguments than to compare them
    results      what became of each test
    modules      the module that a test imports: the answer
    surroundings, environment    what a test patches, so that the answer meets it too
    pytest_stand_in, pytest_tests, pytest_fixtures, pytest_builtins, pytest_names    what a test has of pytest
    tester       the tester's side: `run`

What holds, whatever the learner's process does:

- Exact builtin values are copied, and compared by the tester. All else is a reference; an instance of a subclass of
  `int`, `str`, `tuple`... comes with its plain value, and is compared by that. An object without one equals no value.
- Nothing that the learner's side sends changes a container of the tester's while it is compared, shown or iterated,
  during an assertion, or during a special method such as `__eq__` of a class of the test's. Nor is an object of the
  test's changed then. What an object says of its plain value and its hash is asked once until the answer is next
  called, and a copy of it is compared.
- An object that is said to be of a class which both sides have is still a proxy. `isinstance` believes it; but for
  exceptions no method of the class, `__hash__` apart, runs on the tester's side with it as `self`. Between it and an
  object of the tester's the method of the latter decides. What that reads of it stays the same until the comparison is
  over.
- Only classes that modules for both sides define are found by a name that the learner's side says; none of unittest's.
- The learner's side gets at no object of the tester's but those that the test handed over, and from these to no code,
  frame, module or test case.
- Messages have bounds in bytes, depth, weight and the CPU time of reading them, and tables in length. What no honest
  side sends ends the run.
- A test during which the connection broke has not passed, whatever it caught. Nor has one whose failed assertion went
  through the answer and was kept there: by an `__exit__`, a generator, whatever called a function of the test.
- `from answer import *` gives a module of the test no name that it already has.

What does not hold: where a test asks objects of the answer, their class answers. Whether `Clock(8) == Clock(8)` is
decided by the learner's `__eq__` (asked from both sides, and as `!=`), `len(x)` by his `__len__`, `3 in x` by his
`__contains__`, `abs(x - 3) < 0.1` by his `__sub__`; the last two also tell him the 3. Assertions that compare with
plain values are out of his reach.

Nor is a test told what it did not ask. A `with` of an object of the answer's ends, and its `__exit__` may call that
right, when the answer raises an exception of its own in it: what comes after in the `with` is not tried. A function
that is handed over need not be called. A test that relies on these should look afterwards whether they were. And an
exception class that a test takes from the answer may be `Exception`, which includes failed assertions: `assertRaises`
around the one call does without them, a `try` with `self.fail` in it does not.

Between two statements of a test an answer that is called may change the containers that it shares with the test, as it
may in one process. `while items: self.assertTrue(items.pop().ok())` ends early when `ok` empties the list, and so may a
loop over indices, as that over a `UserList` is; a `for` over the list does not. A list that was handed over is no list
to compare with afterwards. Of C code that walks without an iterator and calls a function in between, such as `bisect`
with a key, nothing is known; nor of a comparison by `operator.eq` with an `__eq__` of the test's that has another name.
And a function of the test may be called by the answer during a comparison: what it changes, changes.

A class that both sides have decides by its own means. The answer has a say where `__eq__` calls a method of the other
object with itself, as `other.matches(self)`, or computes with what the other has, as `abs(self.x - other.x) < 0.1`, or
takes its length, its items or what it contains, as `all(map(eq, self, other))`; and where the methods of an exception
read what the answer has put into that.

An answer that raises StopIteration ends what calls it in C: `for got, x in zip(map(f, given), expected)` goes over
nothing then. A test that relies on it should look how many there were.

An answer that is meant to catch AssertionError, as a test runner would be, fails the tests in which it does.
"""
