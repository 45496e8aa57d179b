"""Sandboxes for native programs; without a compiler, or at a lower level, the tests are skipped."""

import shutil

import pytest

from project.sandbox.errors import SandboxUnavailable
from project.tests.sandbox.native.native_harness import NativeHarness


@pytest.fixture(scope="session")
def cache_directory(tmp_path_factory):
    """Provide the cache of compiled programs that all tests of this process share."""
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(scope="session")
def make_native_harness(cache_directory):
    """Make a harness; skip if the host lacks a compiler or the level of native programs."""
    missing = [tool for tool in ("gcc", "g++") if not shutil.which(tool)]
    made = []

    def make(launcher=()):
        if missing:
            pytest.skip(f"{' and '.join(missing)} not installed")
        try:
            made.append(NativeHarness(cache_directory, launcher))
        except SandboxUnavailable as error:
            pytest.skip(str(error))
        return made[-1]

    yield make
    for harness in made:
        harness.close()


@pytest.fixture(scope="session")
def native_harness(make_native_harness):
    return make_native_harness()
