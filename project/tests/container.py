"""Build the image with Debian's podman and runc, run it as an ordinary container, and grade an answer in it.

Started by `script/test --container`. No registry of images is needed: the image is made from a Debian that debootstrap
downloads, with the machine's own package index and certificates.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import click
import urllib3

from project.config import ROOT
from project.tests.servers import call, wait_for

SUITE = "trixie"
PACKAGES = "ca-certificates,python3,python3-venv"
BASE, NODE_BASE, SERVICE, FULL = (f"localhost/eval-test-{name}:{SUITE}" for name in ("base", "node", "service", "full"))
# Compiled ones and interpreters, of those that worker-full has: to install all of them takes long.
LANGUAGES = ("c", "go", "java", "nodejs")
NODE_DOCKERFILE = f"""
FROM {BASE}
COPY client/node.txt .
RUN pip install --no-cache-dir --require-hashes -r node.txt
ENV NODE_OPTIONS=--use-openssl-ca
"""
CERTIFICATES = Path("/etc/ssl/certs")
# Podman's own limits are higher than what a machine may have, and then runc does not start.
LIMITS = ["--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"]
# As in compose.yaml.
HARDENED = [
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    f"--security-opt=seccomp={ROOT / 'docs' / 'seccomp.json'}",
    "--read-only",
    "--pids-limit=1024",
]
WAYS = {"the default profile, and no flags": [], "docs/seccomp.json and the options of compose.yaml": HARDENED}
SETTINGS = {
    "SECRET_KEY": "0123456789abcdef" * 2,
    "DATA_DIR": "/tmp/data",  # noqa: S108 - in the container
    "APP_SETTINGS": "project.config.StagingConfig",
}
SERVE = ["python", "manage.py", "run", "--host", "0.0.0.0", "--port", "5000", "--seed"]  # noqa: S104 - in the container
RIGHT, WRONG = "def add(a, b):\n    return a + b\n", "def add(a, b):\n    return a - b\n"


def missing():
    """Return what stands in the way, as a sentence; nothing when all is there."""
    programs = [name for name in ("podman", "runc", "debootstrap") if not shutil.which(name)]
    if programs:
        return f"{', '.join(programs)} must be installed (Debian, Ubuntu: apt install {' '.join(programs)})."
    if os.geteuid() != 0:
        return "Run it as root: debootstrap makes a root directory."
    return ""


def run(*command, **options):
    """Run a command, and end if it fails."""
    click.echo(f"+ {shlex.join(command)}")
    return subprocess.run(command, check=True, **options)


def podman(*arguments, **options):
    return run("podman", "--runtime=runc", *arguments, **options)


def exists(image):
    return subprocess.run(["podman", "image", "exists", image], check=False).returncode == 0


def make_base():
    """Make an image with `python` and `pip`, as python:3-slim has them, from nothing but Debian's packages."""
    with tempfile.TemporaryDirectory() as directory:
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, directory, stdout=subprocess.DEVNULL)
        run("chroot", directory, "python3", "-m", "venv", "/usr/local")
        with subprocess.Popen(["tar", "-C", directory, "-c", "."], stdout=subprocess.PIPE) as archive:
            podman("import", "-", BASE, stdin=archive.stdout)


def build(image, *options, **more):
    """Build an image with the machine's certificates and package index."""
    # Pip reads both names of the setting: in its environment, and in its files.
    index = os.environ.get("PIP_INDEX_URL") or pip_setting("global.index-url")
    if index:
        options = (*options, f"--build-arg=PIP_INDEX_URL={index}")
    volume = f"--volume={CERTIFICATES}:{CERTIFICATES}:ro"
    podman("build", *LIMITS, "--network=host", volume, "--quiet", f"--tag={image}", *options, str(ROOT), **more)


def pip_setting(name):
    command = [sys.executable, "-m", "pip", "config", "get", name]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


@contextmanager
def container(*options):
    """Run the service as its image says, as user 1000; yield its address."""
    started = podman(
        "run", "--detach", *LIMITS, *options, *environment(), "--publish=127.0.0.1::5000", SERVICE, *SERVE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    name = started.stdout.strip()
    try:
        port = podman("port", name, "5000", stdout=subprocess.PIPE, text=True).stdout.strip()
        url = f"http://{port}"
        wait_for(lambda: answers(url), "the service in the container")
        yield name, url
    except BaseException:
        podman("logs", name)
        raise
    finally:
        podman("rm", "--force", "--time=20", name, stdout=subprocess.DEVNULL)


def answers(url):
    try:
        return call(f"{url}/health").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def check(name, url):
    """Grade a right and a wrong answer at level 3."""
    user = podman("exec", name, "id", "-u", stdout=subprocess.PIPE, text=True).stdout.strip()
    assert user == "1000", user
    ready = call(f"{url}/ready")
    assert (ready.status, ready.json().get("data")) == (200, {"isolation_level": 3}), ready.data
    body = {"username": "ada", "email": "ada@example.org", "password": "Correct-Horse-7"}
    token = call(f"{url}/auth/register", "POST", body).json()["auth_token"]
    for answer, verdict in ((RIGHT, "accepted"), (WRONG, "wrong_answer")):
        submission = call(f"{url}/submissions", "POST", {"exercise_id": 1, "answer": answer}, token).json()["data"]
        assert (submission["verdict"], submission["isolation_level"]) == (verdict, 3), submission
    assert call(f"{url}/app/").status == 200
    metrics = call(f"{url}/metrics").data.decode()
    assert re.findall(r"^sandbox_level (\S+)$", metrics, re.MULTILINE) == ["3.0"], metrics


def check_languages(*options):
    """Run the smoke programs of languages in the image that has their tools."""
    command = ["python", "manage.py", "languages", "check", *LANGUAGES]
    podman("run", "--rm", *LIMITS, *options, *environment(), FULL, *command)


def environment():
    return [f"--env={name}={value}" for name, value in SETTINGS.items()]


def main():
    """Build and try the image in each way."""
    if sentence := missing():
        sys.exit(f"error: {sentence}")
    if not exists(BASE):
        make_base()
    if not exists(NODE_BASE):
        build(NODE_BASE, "--ignorefile=/dev/null", "--file=-", input=NODE_DOCKERFILE, text=True)
    build(SERVICE, f"--build-arg=PYTHON_IMAGE={BASE}", f"--build-arg=NODE_IMAGE={NODE_BASE}")
    build(
        FULL,
        f"--build-arg=PYTHON_IMAGE={BASE}",
        f"--build-arg=NODE_IMAGE={NODE_BASE}",
        f"--build-arg=LANGUAGES={' '.join(LANGUAGES)}",
        "--target=worker-full",
    )
    for way, options in WAYS.items():
        check_languages(*options)
        with container(*options) as (name, url):
            check(name, url)
        click.echo(f"Level 3 holds as user 1000 with {way}.")


if __name__ == "__main__":
    main()
