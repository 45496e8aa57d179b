"""Programs of two learners that want to communicate."""

import threading

from project.sandbox.limits import Limits
from project.tests.sandbox.native.native_harness import adding
from project.tests.sandbox.native.programs import FOLDER, PRELUDE

SOURCE = f"{PRELUDE}\n{(FOLDER / 'siblings.c').read_text()}"


def test_two_programs_do_not_share_a_futex_in_a_file_of_the_host(native_harness):
    problem, found = adding(limits=Limits(wall_ms=5000)), []
    threads = [
        threading.Thread(target=lambda: found.append(native_harness.judge.judge(problem, SOURCE))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [judgement.cases[0].actual for judgement in found] == ["5\n"] * 2
