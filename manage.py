"""The commands of the service: `python manage.py --help`."""

import gc
import os
import sys
from contextlib import ExitStack
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    with ExitStack() as stack:
        if sys.argv[1:2] == ["run"]:
            # prometheus_client must find it when it is imported, to sum up what all processes measure.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = stack.enter_context(TemporaryDirectory(prefix="eval-metrics-"))
        # Collections while the service is imported would take a fifth of that time and find next to nothing.
        gc.disable()
        from project.cli.main import cli

        gc.freeze()
        gc.enable()
        cli()
