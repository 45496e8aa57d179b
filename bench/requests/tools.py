"""Installs missing Debian packages, and an environment for each peer."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bench.common.measure import BenchmarkError
from bench.requests.cluster import DEBIANS
from project.config import ROOT

BENCH = ROOT / "bench"
PEERS = BENCH / "peers"
ENVIRONMENTS = BENCH / ".envs"
PLOT = "requests"  # the environment of plot.py
PYTHON_PEERS = {"spec": "spec_stack", "fastapi": "fastapi", "litestar": "litestar", "drf": "drf"}
NODE_PEER, NODE_IMPLEMENTATIONS = "fastify", {"fastify", "batched"}
NODE_VERSION = 20  # what Fastify 5 needs; Debian has it from 13 on


def install(implementations: Iterable[str]) -> None:
    """Install the packages for these implementations. Raises `BenchmarkError`."""
    wanted = set(implementations)
    missing = [] if shutil.which("wrk") else ["wrk"]
    if os.geteuid() == 0 and not DEBIANS.exists():
        missing.append("postgresql")  # with pgbench; without root, the programs of the service's wheel are used
    if wanted & NODE_IMPLEMENTATIONS and not shutil.which("npm"):
        missing += ["nodejs", "npm"]
    if missing:
        _install_packages(missing)
    for name in sorted(wanted & set(PYTHON_PEERS)):
        python_environment(PYTHON_PEERS[name], PEERS / PYTHON_PEERS[name])
    python_environment(PLOT, BENCH / PLOT)
    if wanted & NODE_IMPLEMENTATIONS:
        _install_node_modules(PEERS / NODE_PEER)


def _install_packages(packages: list[str]) -> None:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise BenchmarkError(f"Missing: {', '.join(packages)}. Install them as root, on Debian: {' '.join(command)}")
    click.echo(f"Installing {', '.join(packages)} ...", err=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], check=True, stdout=sys.stderr)  # noqa: S607 - Debian's
    subprocess.run(command, check=True, stdout=sys.stderr, env=environment)  # noqa: S603 - Debian's


def python_environment(name: str, project: Path) -> Path:
    """Create the environment for a requirements.txt, unless it exists; return its interpreter."""
    home, lock = ENVIRONMENTS / name, project / "requirements.txt"
    python = home / "bin" / "python"
    if _is_installed(home, lock):
        return python
    click.echo(f"Installing the packages for {name} ...", err=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)  # noqa: S603 - our own paths
    install_locked = ["-m", "pip", "install", "--quiet", "--quiet", "--no-input", "--require-hashes", "-r", str(lock)]
    subprocess.run([python, *install_locked], check=True, stdout=sys.stderr)  # noqa: S603 - the same
    _write_stamp(home, lock)
    return python


def _install_node_modules(project: Path) -> None:
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    major = re.match(r"v(\d+)", version)
    if not major or int(major.group(1)) < NODE_VERSION:
        raise BenchmarkError(
            f"Fastify needs Node {NODE_VERSION} or newer, and this is {version.strip()}: "
            "install it, or leave Fastify out: --except fastify,batched"
        )
    home, lock = project / "node_modules", project / "package-lock.json"
    if not _is_installed(home, lock):
        click.echo(f"Installing the packages for {project.name} ...", err=True)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=project, check=True, stdout=sys.stderr)  # noqa: S603 - fixed arguments
        _write_stamp(home, lock)


def _is_installed(home: Path, lock: Path) -> bool:
    stamp = home / ".installed"
    return stamp.exists() and stamp.read_text() == _checksum(lock)


def _write_stamp(home: Path, lock: Path) -> None:
    (home / ".installed").write_text(_checksum(lock))


def _checksum(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
