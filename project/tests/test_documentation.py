"""The documents name only what exists: files, folders, links and their headings, decision records."""

import re
from functools import cache

import pytest

from project.config import ROOT

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "client/README.md", "bench/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
SOURCES = sorted((ROOT / "project").rglob("*.py")) + sorted((ROOT / "migrations").rglob("*.py"))
FOLDERS = ("project", "docs", "script", "migrations", "bench", "seeds", "client")
# A placeholder in capitals, as NNNN, stands for any name.
PATH = re.compile(rf"(?:`|^)((?:\./)?(?:{'|'.join(FOLDERS)})/[^\s`:#]*)", re.MULTILINE)
# A module, perhaps without its folder. docs/grading.md names those of exercises.
MODULE = re.compile(r"`([\w/]+\.py)`")
# A class or a function.
DEFINED = re.compile(r"`(?:\w+\.)*([A-Z][a-z]+[A-Z]\w*|[a-z_]+(?=\())[^`]*`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAX_RECORD_LINES = 55  # measurements go to docs/adr/measurements
# Made by a build, so that they are not in every checkout.
BUILT = ("client/dist", "client/node_modules", "bench/.envs")


def name(path):
    return str(path.relative_to(ROOT))


def exists(path):
    return path.startswith(BUILT) or any(ROOT.glob(path.removeprefix("./").rstrip("/")))


def anchors(document):
    """Return the anchors that GitHub gives to the headings of a document."""
    text = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def words_of_the_code():
    return set(re.findall(r"\w+", " ".join(source.read_text() for source in SOURCES)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_that_a_document_names_exists(document):
    paths = [re.sub(r"[A-Z]{3,}|…|\*+", "*", path) for path in PATH.findall(document.read_text())]
    assert [path for path in paths if not exists(path)] == []


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if one.name != "grading.md"], ids=name)
def test_every_module_that_a_document_names_exists(document):
    modules = [name(path) for path in (*SOURCES, *(ROOT / "bench").glob("*/*.py"), ROOT / "manage.py")]
    named = MODULE.findall(document.read_text())
    assert [one for one in named if not any(f"/{module}".endswith(f"/{one}") for module in modules)] == []


@pytest.mark.parametrize(
    "document", [ROOT / "CONTRIBUTING.md", ROOT / "docs/architecture.md", *(ROOT / "docs/adr").glob("*.md")], ids=name
)
def test_every_class_and_function_that_a_document_names_exists(document):
    assert set(DEFINED.findall(document.read_text())) - words_of_the_code() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_of_a_document_names_an_existing_file_and_heading(document):
    broken = []
    for link in LINK.findall(document.read_text()):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_decision_record_that_the_code_cites_exists():
    cited = [
        (name(source), number) for source in SOURCES for number in re.findall(r"docs/adr/(\d{4})", source.read_text())
    ]
    assert cited
    assert [(source, number) for source, number in cited if not any(ROOT.glob(f"docs/adr/{number}-*.md"))] == []


def test_a_decision_record_is_about_one_page():
    lengths = {name(record): len(record.read_text().splitlines()) for record in (ROOT / "docs/adr").glob("[0-9]*.md")}
    assert {record: length for record, length in lengths.items() if length > MAX_RECORD_LINES} == {}
