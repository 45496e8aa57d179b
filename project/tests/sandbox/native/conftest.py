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
def native_harness(cache_directory):
    """Provide a harness; skip if the host lacks a compiler or the level of native programs."""
    if missing := [tool for tool in ("gcc", "g++") if not shutil.which(tool)]:
        pytest.skip(f"{' and '.join(missing)} not installed")
    try:
        harness = NativeHarness(cache_directory)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    yield harness
    harness.close()
