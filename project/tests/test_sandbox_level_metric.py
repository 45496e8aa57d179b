"""The gauge `sandbox_level` over several processes: the lowest level counts, and who has no sandbox does not."""

import pytest

from project.sandbox.errors import SandboxUnavailable
from project.sandbox.pool import Sandboxes
from project.tests.servers import start_python

# A process that reports what it is given, or nothing, and lives until its input ends. It imports the module alone: an
# import of the service takes ten times as long.
PROCESS = """
import sys
sys.path.insert(0, "project/operations")
import metrics
if sys.argv[1]:
    metrics.set_sandbox_level(int(sys.argv[1]))
print("reported", flush=True)
if sys.argv[2:]:
    print(metrics.collect().decode())
sys.stdin.read()
"""


def scraped(tmp_path, levels):
    """Return what is scraped from the last of several processes; None reports nothing."""
    running = []
    try:
        for number, level in enumerate(levels):
            collects = ["collect"] if number == len(levels) - 1 else []
            arguments = ["-c", PROCESS, "" if level is None else str(level), *collects]
            process = start_python(tmp_path, *arguments, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
            running.append(process)
            assert process.stdout.readline() == "reported\n"
        running[-1].stdin.close()
        output = running[-1].stdout.read()
    finally:
        for process in running:
            process.stdin.close()
            process.stdout.close()
            process.wait()
    return [line for line in output.splitlines() if line.startswith("sandbox_level")]


@pytest.mark.parametrize(
    ("levels", "shown"),
    [([None, 3], 3), ([3, 2], 2), ([0, 3], 0)],
)
def test_the_lowest_level_of_the_processes_that_have_sandboxes_is_shown(tmp_path, levels, shown):
    assert scraped(tmp_path, levels) == [f"sandbox_level {shown:.1f}"]


def test_a_process_that_ended_does_not_count(tmp_path):
    ended = start_python(tmp_path, "-c", PROCESS, "1", PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    ended.communicate("")
    assert list(tmp_path.glob("gauge_livemin_*.db"))
    assert scraped(tmp_path, [3]) == ["sandbox_level 3.0"]


def test_sandboxes_report_their_level_when_it_changes():
    reported = []
    sandboxes = Sandboxes(minimum=1, warm=0, on_level=reported.append)
    try:
        sandboxes.start()
        assert reported == [sandboxes.level]
    finally:
        sandboxes.close()
    none = Sandboxes(minimum=4, on_level=reported.append)
    with pytest.raises(SandboxUnavailable):
        none.start()
    assert reported[-1] == 0
