"""The installation of languages, from packages that the tests make: nothing is downloaded."""

import hashlib
import shutil
import subprocess
import zipfile

import pytest

from project.cli.main import cli
from project.judging.native_languages import NATIVE_LANGUAGES
from project.operations.tool_installation import debian, installing, wheels
from project.operations.tool_installation.commands import InstallationFailed
from project.operations.tool_installation.installing import Plan, Way
from project.operations.tool_installation.trees import new_tree
from project.sandbox.tools import Tools

needs_apt = pytest.mark.skipif(not debian.can_unpack(), reason="apt-get and dpkg-deb are not installed")
JAVA = NATIVE_LANGUAGES["java"]
CONTROL = "Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: A Test <test@example.org>\nDescription: a test\n"
SCRIPT = "#!/bin/sh\ntouch {mark}\n"


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "toolchains"


def make_package(folder, name, files, depends=""):
    """Make a package of files by their paths, with a script that would run when it is installed."""
    contents = folder / name
    for path, text in files.items():
        (contents / path).parent.mkdir(parents=True, exist_ok=True)
        (contents / path).write_text(text)
        (contents / path).chmod(0o755)
    (contents / "DEBIAN").mkdir()
    (contents / "DEBIAN" / "control").write_text(
        CONTROL.format(name=name) + (f"Depends: {depends}\n" if depends else "")
    )
    script = contents / "DEBIAN" / "postinst"
    script.write_text(SCRIPT.format(mark=folder / "ran"))
    script.chmod(0o755)
    archive = folder / f"{name}_1_all.deb"
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", contents, archive], check=True, capture_output=True)
    shutil.rmtree(contents)
    return archive


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """The only repository of apt: a compiler, and a library that it needs."""
    folder = tmp_path / "repository"
    folder.mkdir()
    made = [
        make_package(folder, "test-jdk", {"usr/lib/jvm/test-1/bin/javac": "javac", "bin/tool": "tool"}, "test-library"),
        make_package(folder, "test-library", {"lib/test.so": "library", "usr/share/doc/test/README": "left out"}),
    ]
    entries = []
    for archive in made:
        fields = subprocess.run(["dpkg-deb", "--field", archive], check=True, capture_output=True, text=True).stdout
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        entries.append(f"{fields}Filename: ./{archive.name}\nSize: {archive.stat().st_size}\nSHA256: {digest}\n")
    (folder / "Packages").write_text("\n".join(entries))
    configuration = tmp_path / "apt.conf"
    configuration.write_text(f'Dir::Etc::sourcelist "{tmp_path}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n')
    monkeypatch.setenv("APT_CONFIG", str(configuration))
    sources = tmp_path / "sources.list"
    sources.write_text(f"deb [trusted=yes] copy:{folder} ./\n")
    return folder, sources


@needs_apt
def test_packages_are_unpacked_with_what_they_need(repository, directory):
    folder, _ = repository
    java = Plan(JAVA, Way.UNPACKED, ["test-jdk"])
    installing.install([java], directory)
    tools = Tools(directory)
    tree = directory / "current"
    assert (tree / "usr/lib/test.so").read_text() == "library"  # its package has it in /lib
    assert (tree / "lib").is_symlink()
    assert not (tree / "usr/share/doc/test").exists()
    assert tools.find("tool") == "/usr/bin/tool"
    assert tools.find("javac") == "/usr/lib/jvm/test-1/bin/javac"
    assert not (folder / "ran").exists(), "the script of a package ran"
    assert not list((directory / "apt").rglob("*.deb"))


@needs_apt
def test_packages_that_nobody_signed_are_refused(repository, directory):
    folder, sources = repository
    sources.write_text(f"deb copy:{folder} ./\n")
    with pytest.raises(InstallationFailed, match="apt-get"):
        installing.install([Plan(JAVA, Way.UNPACKED, ["test-jdk"])], directory)
    assert Tools(directory).tree() is None


@needs_apt
def test_a_package_that_was_changed_is_refused(repository, directory):
    folder, _ = repository
    archive = folder / "test-library_1_all.deb"
    archive.write_bytes(archive.read_bytes()[:-1] + b"\0")
    with pytest.raises(InstallationFailed, match="apt-get"):
        installing.install([Plan(JAVA, Way.UNPACKED, ["test-jdk"])], directory)
    assert Tools(directory).tree() is None


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel with a program, and the file with its checksum."""
    archive = tmp_path / "test_node-1-py3-none-any.whl"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("test_node/bin/node", "node")
        made.writestr("test_node-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: test-node\nVersion: 1\n")
        made.writestr(
            "test_node-1.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        made.writestr("test_node-1.dist-info/RECORD", "")
    requirements = tmp_path / "node.txt"
    monkeypatch.setattr(wheels, "requirements", lambda _: requirements)
    return requirements, f"test-node @ {archive.as_uri()}", hashlib.sha256(archive.read_bytes()).hexdigest()


def test_a_wheel_is_unpacked_in_a_folder_of_its_own(wheel, directory):
    requirements, name, digest = wheel
    requirements.write_text(f"{name} --hash=sha256:{digest}\n")
    with new_tree(directory) as tree:
        wheels.unpack("test-node", tree)
    assert (directory / "current" / wheels.FOLDER / "test-node/test_node/bin/node").read_text() == "node"


def test_a_wheel_with_another_checksum_is_refused(wheel, directory):
    requirements, name, digest = wheel
    requirements.write_text(f"{name} --hash=sha256:{digest[::-1]}\n")
    with pytest.raises(InstallationFailed, match="pip"), new_tree(directory) as tree:
        wheels.unpack("test-node", tree)
    assert Tools(directory).tree() is None


@pytest.mark.parametrize("language", NATIVE_LANGUAGES.values(), ids=lambda language: language.name)
def test_each_wheel_of_a_language_has_checksums(language):
    for package in language.install.get("pip", ()):
        text = wheels.requirements(package).read_text()
        assert f"{package}==" in text
        assert "--hash=sha256:" in text


def plan(monkeypatch, name, *, root=False, apt=True):
    monkeypatch.setattr(debian, "is_root", lambda: root)
    monkeypatch.setattr(debian, "can_install", lambda: apt)
    monkeypatch.setattr(debian, "can_unpack", lambda: apt)
    return installing.plan(NATIVE_LANGUAGES[name])


def test_root_installs_for_the_host_and_others_below_the_data_directory(monkeypatch):
    assert plan(monkeypatch, "c", root=True).way is Way.HOST
    assert plan(monkeypatch, "c").way is Way.UNPACKED


def test_without_packages_wheels_are_used_where_there_are_any(monkeypatch):
    assert plan(monkeypatch, "nodejs", apt=False).way is Way.WHEELS
    with pytest.raises(InstallationFailed, match="C needs apt-get, dpkg-deb and tar; there is no Python wheel of it"):
        plan(monkeypatch, "c", apt=False)


def test_the_command_lists_what_is_installed_and_what_would_be(app):
    result = app.test_cli_runner().invoke(cli, ["languages", "list"])
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.output.splitlines()] == list(NATIVE_LANGUAGES)


def test_the_command_installs_no_unknown_language(app):
    result = app.test_cli_runner().invoke(cli, ["languages", "install", "c", "cobol"])
    assert result.exit_code == 1
    assert "There is no language cobol." in result.output


def test_a_language_that_is_installed_is_only_checked(app, monkeypatch):
    monkeypatch.setattr("project.cli.languages.installing.install", lambda plans, _: plans and pytest.fail("installed"))
    result = app.test_cli_runner().invoke(cli, ["languages", "install", "bash"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("bash ")
