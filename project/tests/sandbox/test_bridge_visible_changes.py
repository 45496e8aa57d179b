"""Right answers that change what a test has given to them: plain asserts see it as in one process."""

from project.tests.sandbox.bridge_pair import judge

ANSWER = """
    class Log:
        def __init__(self, entries): self.entries = entries
        def __contains__(self, one): self.entries.append(one); return True
        def __len__(self): self.entries.append("len"); return 3
        def __str__(self): self.entries.append("str"); return "log"
    def walk(numbers, seen):
        for number in numbers:
            seen.append(number)
            yield number
    def push(items, one): items.append(one)
    def double(items, place): items[place] *= 2
    def put(table, key, value): table[key] = value
"""

TESTS = """
    import weakref
    import answer_module as answer

    def test_during_a_membership():
        entries = []
        assert 5 in answer.Log(entries)
        assert entries == [5]

    def test_during_a_membership_in_a_generator():
        seen = []
        assert 2 in answer.walk([1, 2, 3], seen), "it is there"
        assert seen == [1, 2], "no more"

    def test_during_a_length_and_a_text():
        entries = []
        log = answer.Log(entries)
        length, text = len(log), str(log)
        assert entries == ["len", "str"] and length == 3 and text == "log"

    def test_while_the_test_goes_over_a_list():
        numbers = [1, 2, 3]
        for place, _ in enumerate(numbers):
            answer.double(numbers, place)
        assert numbers == [2, 4, 6]

    def test_while_the_test_goes_over_a_dict():
        table = {"a": 1, "b": 2}
        for key in table:
            answer.put(table, key, 7)
        assert table == {"a": 7, "b": 7}

    def test_while_the_test_changes_a_list_too():
        numbers = [1, 2, 3]
        for place, _ in enumerate(numbers):
            answer.double(numbers, 0)
            numbers[1] = place
        assert numbers[1:] == [2, 3]

    def test_after_an_assertion_with_an_iterator():
        numbers = [1, 2]
        assert next(iter(numbers)) == 1
        answer.push(numbers, 3)
        assert numbers == [1, 2, 3]

    def test_an_assertion_keeps_nothing_alive():
        class Own:
            pass
        own = Own()
        reference = weakref.ref(own)
        assert isinstance(own, Own)
        assert type(own) is Own
        del own
        assert reference() is None
"""


def test_a_change_by_the_answer_is_visible_to_the_next_assertion():
    outcome = judge(ANSWER, TESTS)
    assert outcome.passed, [result for result in outcome.results if result["outcome"] != "passed"]
