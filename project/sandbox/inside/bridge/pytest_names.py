"""The names that `pytest_shim` has. A test module that uses others is rejected when its exercise is saved."""

NAMES = frozenset(
    """
    CaptureFixture ExceptionInfo FixtureRequest MonkeyPatch WarningsRecorder approx deprecated_call fail fixture
    importorskip mark param raises skip warns xfail
    """.split()
)
# By name, the methods that a test may use; empty if there are all.
FIXTURES = {
    "capsys": frozenset({"readouterr", "disabled"}),
    "monkeypatch": frozenset("setattr delattr setitem delitem setenv delenv context undo".split()),
    "recwarn": frozenset({"pop", "clear", "list"}),
    "request": frozenset("param getfixturevalue addfinalizer node function cls instance module scope".split()),
}
# Fixtures of pytest that are missing here: each needs something that the two processes do not share.
MISSING_FIXTURES = frozenset(
    """
    cache capfd capfdbinary capsysbinary caplog capteesys doctest_namespace pytestconfig pytester record_property
    record_testsuite_property record_xml_attribute testdir tmp_path tmp_path_factory tmpdir tmpdir_factory
    """.split()
)
