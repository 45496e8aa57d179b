"""Files that other programs read: compose, CI and the database image. They have the names of the specification."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from project.config import ROOT, BaseConfig
from project.settings.declarations import is_set

CI_SCRIPTS = {".travis.yml": r"\.ci/run", ".github/workflows/ci.yml": r"\.ci/run|script/test"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


@pytest.mark.parametrize(
    ("service", "port"),
    [
        ("eval-db", "127.0.0.1:5436:5432"),
        ("users-service", "${BIND_ADDRESS:-127.0.0.1}:5001:5000"),
        ("eval-service", "${BIND_ADDRESS:-127.0.0.1}:5002:5000"),
    ],
)
def test_compose_publishes_the_specified_ports(services, service, port):
    assert services[service]["ports"] == [port]


def test_compose_checks_that_the_services_are_ready(services):
    # By TCP: while the image initialises the database, it listens on a Unix socket only.
    assert "pg_isready --host 127.0.0.1" in services["eval-db"]["healthcheck"]["test"][1]
    for service in ("users-service", "eval-service"):
        assert "/ready" in services[service]["healthcheck"]["test"][-1]


def test_compose_waits_until_what_is_needed_is_healthy(services):
    needed = {name: condition["condition"] for name, condition in services["eval-service"]["depends_on"].items()}
    assert needed == {"eval-db": "service_healthy", "users-service": "service_healthy"}


def test_compose_runs_workers_of_their_own(services):
    assert services["worker"]["command"] == ["python", "manage.py", "worker"]
    assert services["worker"]["depends_on"] == {"eval-service": {"condition": "service_healthy"}}
    # So that any number of them may run.
    assert not {"container_name", "ports"} & set(services["worker"])
    for service in ("users-service", "eval-service"):
        assert services[service]["environment"]["WORKER_PROCESSES"] == "0"


def test_compose_has_no_default_passwords(services):
    assert services["eval-db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert services["eval-db"]["environment"]["EVAL_PASSWORD"].startswith("${EVAL_PASSWORD:?")
    assert services["eval-service"]["environment"]["DATABASE_URL"].startswith("postgres://eval:${EVAL_PASSWORD:?")
    assert services["eval-service"]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")


def test_compose_publishes_on_the_loopback_interface_by_default(services):
    for name, service in services.items():
        if name != "proxy":
            assert all(
                re.match(r"(127\.0\.0\.1|\$\{BIND_ADDRESS:-127\.0\.0\.1\}):", port) for port in service.get("ports", [])
            )


def test_compose_gives_no_container_more_than_it_needs(services):
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] is True, name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["pids_limit"] > 0, name
        assert service["mem_limit"], name
        assert not service.get("privileged", False), name
    assert {name for name, service in services.items() if service.get("cap_add")} == {"eval-db", "proxy"}


def test_compose_grades_at_level_3(services):
    for name in ("users-service", "eval-service", "worker"):
        (profile,) = [option for option in services[name]["security_opt"] if option.startswith("seccomp=")]
        assert (ROOT / profile.removeprefix("seccomp=")).is_file()


def test_compose_requires_a_token_for_metrics(services):
    for name in ("users-service", "eval-service", "worker"):
        assert services[name]["environment"]["METRICS_TOKEN"].startswith("${METRICS_TOKEN:?")


def test_the_proxy_is_an_example_that_starts_only_by_its_profile(services):
    assert services["proxy"]["profiles"] == ["proxy"]
    caddyfile = (ROOT / "docs" / "Caddyfile").read_text()
    assert set(re.findall(r"reverse_proxy .*?([\w-]+:\d+)", caddyfile)) == {"users-service:5000", "eval-service:5000"}
    assert "path /metrics" in caddyfile


def images():
    """Return every image and action that our files name, with its file."""
    for file in ("Dockerfile", "project/db/Dockerfile"):
        text = (ROOT / file).read_text()
        earlier_stages = re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE)
        for image in re.findall(r"^(?:FROM|ARG \w+_IMAGE=)\s*([^$\s]+)", text, re.MULTILINE):
            if image not in earlier_stages:
                yield file, image
    for service in yaml.safe_load((ROOT / "compose.yaml").read_text())["services"].values():
        if "image" in service:
            yield "compose.yaml", service["image"]
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    for version in yaml.safe_load(text)["jobs"]["postgresql"]["strategy"]["matrix"]["postgresql"]:
        yield "ci.yml", f"postgres:{version}"


def test_images_are_named_by_version_and_digest():
    named = list(images())
    assert {file for file, _ in named} == {"Dockerfile", "project/db/Dockerfile", "compose.yaml", "ci.yml"}
    for _, image in named:
        assert re.fullmatch(r"\w+:\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}", image), image


def test_actions_are_named_by_commit():
    used = re.findall(r"uses: (\S+)", (ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []


def test_the_database_image_creates_the_specified_databases():
    created = re.findall(r"CREATE DATABASE (\w+);", (ROOT / "project" / "db" / "create.sql").read_text())
    assert created == ["eval_prod", "eval_staging", "eval_dev", "eval_test"]
    assert "create.sql role.sh /docker-entrypoint-initdb.d/" in (ROOT / "project" / "db" / "Dockerfile").read_text()


def test_the_database_image_makes_a_role_that_is_no_superuser():
    script = (ROOT / "project" / "db" / "role.sh").read_text()
    assert "CREATE ROLE eval LOGIN CREATEDB PASSWORD :'password'" in script
    assert "SUPERUSER" not in script
    assert os.access(ROOT / "project" / "db" / "role.sh", os.X_OK)


@pytest.mark.parametrize("file", CI_SCRIPTS)
def test_ci_runs_only_the_scripts_of_the_repository(file):
    document = yaml.safe_load((ROOT / file).read_text())
    scripts = document.get("script") or [
        step["run"] for job in document["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert scripts
    assert all(re.fullmatch(CI_SCRIPTS[file], script) for script in scripts)


def test_secrets_of_a_deployment_are_ignored_by_git():
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def stages():
    """Return the parts of the Dockerfile that build the client and the image of the service."""
    client, service = (ROOT / "Dockerfile").read_text().split("\nFROM ${PYTHON_IMAGE} AS service\n")
    return client, service.partition("\nFROM ")[0]


def test_the_default_image_is_that_of_the_service():
    assert (ROOT / "Dockerfile").read_text().endswith("\nFROM service\n")


def test_the_image_has_its_bytecode():
    _, service = stages()
    assert re.search(r"^RUN python -m compileall .* project migrations$", service, re.MULTILINE)


def test_the_image_with_compilers_runs_as_an_ordinary_user():
    full = (ROOT / "Dockerfile").read_text().partition("\nFROM service AS worker-full\n")[2].partition("\nFROM ")[0]
    assert re.findall("^USER (.+)$", full, re.MULTILINE) == ["root", "service"]
    assert "manage.py languages install --no-check ${LANGUAGES}" in full


def test_compose_grades_with_the_same_image_everywhere(services):
    images = {yaml.safe_dump(services[name]["build"]) for name in ("users-service", "eval-service", "worker")}
    assert len(images) == 1
    assert services["worker"]["build"]["target"] == "${IMAGE_TARGET:-service}"


def test_the_image_copies_what_the_service_imports():
    _, service = stages()
    copied = set(re.findall(r"^COPY ([\w./]+)", service, re.MULTILINE))
    assert copied == {"requirements.txt", "manage.py", "migrations", "project", "seeds"}


def test_the_image_has_the_client_where_the_service_looks_for_it():
    client, service = stages()
    assert re.search(r"^ARG NODE_IMAGE=node:", client, re.MULTILINE)
    assert re.search(r"^FROM \$\{NODE_IMAGE\} AS client$", client, re.MULTILINE)
    assert "RUN npm ci\n" in client  # as the lock file has it
    built, place = re.search(r"^COPY --from=client (\S+) (\S+)$", service, re.MULTILINE).groups()
    assert built == f"{re.search('^WORKDIR (.+)$', client, re.MULTILINE)[1]}/dist"
    assert ROOT / place == BaseConfig.CLIENT_DIR or is_set("CLIENT_DIR")


def test_the_image_is_built_from_copied_sources_only():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"!client", "!project", "!seeds", "client/dist", "client/node_modules"} <= set(ignored)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_dependency_has_a_hash(lock):
    entries = re.split(r"\n(?=\w)", re.sub(r"(?m)^#.*\n", "", (ROOT / lock).read_text()).strip())
    assert entries
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []


NAMESPACES = {"clone", "clone3", "unshare", "mount", "umount2", "pivot_root"}
DANGEROUS = {"bpf", "io_uring_setup", "keyctl", "ptrace", "setns", "init_module", "kexec_load", "userfaultfd", "reboot"}


def test_the_seccomp_profile_allows_namespaces_and_refuses_what_is_dangerous():
    profile = json.loads((ROOT / "docs" / "seccomp.json").read_text())
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    allowed = {
        name
        for rule in profile["syscalls"]
        if rule["action"] == "SCMP_ACT_ALLOW" and "args" not in rule
        for name in rule["names"]
    }
    assert allowed >= NAMESPACES | {"landlock_create_ruleset", "seccomp", "pidfd_open", "close_range", "execve"}
    refused = {name for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ERRNO" for name in rule["names"]}
    assert refused >= DANGEROUS
    assert not allowed & refused


def test_the_script_for_containers_names_missing_programs(tmp_path):
    # A path without podman: nothing is built.
    result = subprocess.run(
        [sys.executable, "-m", "project.tests.container"],
        cwd=ROOT,
        env={"PATH": str(tmp_path), "APP_SETTINGS": "project.config.TestingConfig"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("error: podman, runc, debootstrap must be installed")
    assert result.stderr.count("\n") == 1
