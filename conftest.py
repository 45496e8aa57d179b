"""Whatever starts pytest, from wherever: the tests run on the tests' configuration, and leave no connection open."""

import os
import sys

os.environ["APP_SETTINGS"] = "project.config.TestingConfig"


def pytest_sessionfinish():
    """Close the connections that the applications of the tests keep in their pools."""
    if "project" in sys.modules:
        from project.database import dispose_all

        dispose_all()
