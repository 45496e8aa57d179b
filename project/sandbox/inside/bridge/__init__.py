"""Remote calls between two sandboxes: a test module in one, the learner's answer in the other.

The tester runs the test module with unittest, and is trusted. The learner's side has the answer; its messages are not
trusted, so that the answer cannot forge the result. They share one stream socket. The test module is written as usual:
`import two_fer` imports a module, whose functions and classes the test calls, and whose exceptions it catches. These
are proxies, and each operation on them is a remote call over the socket:

    tester                                            learner
    two_fer.Clock(8, 0)      -- call __call__ ------> makes the object, exports it with the number 5
    a proxy                  <-- result: object 5 of class 4, which has __add__ and __eq__
    clock + 30               -- call __add__ 5 (30,) ->
    list_ops.apply(f, [1])   -- call __call__ ------>
                             <-- call __call__ on the tester's object 2: the function `f` of the test
                             -- result ------------->
                             <-- result, and the list, if `apply` changed it

The modules, in the order in which they build on one another:

    errors               errors of the bridge
    values               plain values: builtin types, and types composed of a few plain parts
    wire                 the format of encoded values
    packing              a compact format for many ints
    encoder, decoder     values to bytes and back; no pickle, nothing is evaluated or imported
    read_budget          the CPU time for decoding messages
    channel              messages over the socket
    special_methods      the special methods that can be called remotely
    references           references to remote objects; when the last proxy is deleted, the reference is returned
    proxies              proxies for remote objects and classes
    comparisons          `==` and `<`: between a proxy and a plain value, the tester decides
    shared_classes       classes of modules that both sides have
    proxy_classes        local classes that stand for remote ones
    shared_containers    lists and dicts of which both sides have a copy
    read_detection       whether code may be in the middle of reading containers
    deferred_changes     changes of the tester's containers, deferred until nothing reads them
    exports              the local objects that the other side refers to
    marshalling          how objects that are not plain values are sent
    peer                 one end of the connection: requests, responses, and nested requests
    learner              the learner's side: executes requests, `serve`
    access_policy        what the learner's side may do with objects of the tester
    swallowed_assertions failed assertions of the test that the answer caught
    unittest_patches, stdlib_patches    assertions, and functions that inspect objects, work with proxies
    results              the results of the tests
    answer_module        the module that a test imports
    patched_globals, environment        patches of a test, applied in the answer's process too
    pytest_shim, pytest_collection, pytest_fixtures, pytest_builtin_fixtures, pytest_names    a replacement for pytest
    tester               the tester's side: `run`

Guarantees, whatever the learner's process does:

- Exact builtin values are copied, and compared by the tester. All other objects are sent as references. An instance of
  a subclass of `int`, `str`, `tuple`... is sent with its plain value, and compared by that. An object without a plain
  value equals no value.
- The learner's side cannot change a container of the tester while it is compared, formatted or iterated over, during an
  assertion, or during a special method such as `__eq__` of a class of the test. Nor can it change an object of the test
  then. The plain value and the hash of an object are fetched once until the next remote call, and copied.
- An object of a shared class is still a proxy. `isinstance` accepts it; but except for exceptions, no method of the
  class other than `__hash__` runs on the tester's side with it as `self`. A comparison with an object of the tester is
  decided by the method of that object. The attributes that it reads do not change until the comparison has ended.
- Only classes of modules that both sides have can be named by the learner's side; none of unittest.
- The learner's side can refer only to objects that the test has passed to it, and these lead to no code, frame, module
  or test case.
- The size, nesting depth, weight and decoding time of messages are limited, as is the number of references. An invalid
  message ends the run.
- A test during which the connection was lost has not passed, whatever it caught. Nor has a test with a failed assertion
  that was propagated through the answer and swallowed there: by an `__exit__`, a generator, or another caller of a
  function of the test.
- `from answer import *` imports no name that the test module already has.

Limits: operations on objects of the answer are decided by their class. Whether `Clock(8) == Clock(8)` is decided by the
learner's `__eq__` (called in both directions, and compared with `!=`), `len(x)` by its `__len__`, `3 in x` by its
`__contains__`, and `abs(x - 3) < 0.1` by its `__sub__`; the last two also reveal the 3. It has no influence on
assertions that compare with plain values.

A test only notices what it checks. A `with` of an object of the answer ends when the answer raises an exception in it,
which its `__exit__` may suppress: the rest of the `with` is not tested. A function that is passed to the answer may
never be called. Tests that rely on these should check them afterwards. An exception class that a test imports from the
answer may be `Exception`, which includes failed assertions: `assertRaises` around a single call is safe, a `try` with
`self.fail` in it is not.

Between two statements of a test, an answer that is called may change the shared containers, as it may in one process.
`while items: self.assertTrue(items.pop().ok())` ends early if `ok` empties the list, and so may a loop over indices,
such as that over a `UserList`; a `for` over the list does not. A list that was passed to the answer should not be used
to compare with afterwards. Iteration in C code without an iterator that calls a function, such as `bisect` with a key,
is not detected; nor is a comparison by `operator.eq` with an `__eq__` of the test that has another name. A function of
the test that the answer calls during a comparison may change objects.

A shared class decides by its own methods. The answer can influence the result if `__eq__` calls a method of the other
object with itself, as `other.matches(self)`, or computes with its attributes, as `abs(self.x - other.x) < 0.1`, or uses
its length, items or membership, as `all(map(eq, self, other))`; and if methods of an exception read its attributes.

An answer that raises StopIteration ends its caller in C code: `for got, x in zip(map(f, given), expected)` then has no
iterations. A test that relies on such a loop should check their number.

An answer that is required to catch AssertionError, such as a test runner, fails the tests in which it does.
"""
