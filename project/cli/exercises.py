"""The commands of `manage.py exercises`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from project.api.exercises import queries
from project.api.exercises.importing.finding import find_exercises, read_exercise
from project.api.exercises.importing.folders import Folder, Unusable
from project.api.exercises.importing.trying import alternatives, first_in_time
from project.api.exercises.lint import warnings
from project.api.exercises.saving import ExerciseRefused, store_inputs
from project.api.exercises.stored_inputs import separate
from project.extensions import db
from project.grading.local_judge import local_judge
from project.judging.languages import LANGUAGES
from project.web.errors import ServiceUnavailable

exercises = AppGroup("exercises", help="Manage the catalogue of exercises.")


class Outcome(StrEnum):
    """The outcome of importing an exercise."""

    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Options(NamedTuple):
    """How to import."""

    language: str
    dry_run: bool
    update: bool


@exercises.command("import")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--language",
    default="python",
    show_default=True,
    type=click.Choice(list(LANGUAGES)),
    help="Of exercises that do not say theirs.",
)
@click.option("--dry-run", is_flag=True, help="Try everything, and write nothing.")
@click.option("--update/--no-update", default=True, help="Whether exercises that are there already are changed.")
def import_exercises(path: Path, language: str, *, dry_run: bool, update: bool) -> None:
    """Import the exercises in PATH: in the format of docs/grading.md, or an Exercism track for Python.

    An exercise is known by its slug. Its reference solution must be accepted and its starter must not; what cannot be
    taken is listed at the end.
    """
    try:
        folders = find_exercises(Folder(path))
    except Unusable as error:
        raise click.ClickException(f"{path} {error}") from None
    refused: dict[str, str] = {}
    counts: Counter[Outcome] = Counter()
    for name, outcome, reason in _import_all(folders, Options(language, dry_run, update)):
        counts[outcome] += 1
        if outcome is Outcome.REFUSED:
            refused[name] = reason
    for name, reason in refused.items():
        click.echo(f"Refused {name}: {reason}", err=True)
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome) + (" (dry run)" if dry_run else ""))
    sys.exit(1 if refused or not folders else 0)


def _import_all(folders: list[Folder], options: Options) -> Iterator[tuple[str, Outcome, str]]:
    """Import one by one, each in a transaction of its own; yield name, outcome and the reason of a refusal."""
    slugs: set[str | None] = set()
    for number, folder in enumerate(folders, 1):
        reason = ""
        try:
            outcome = _import(folder, options, slugs)
        except Unusable as error:
            outcome, reason = Outcome.REFUSED, str(error)
        except ExerciseRefused as error:
            sentences = [f"{field}: {' '.join(said)}" for field, said in (error.errors or {}).items()]
            outcome, reason = Outcome.REFUSED, "; ".join(sentences)
        except sa.exc.IntegrityError:
            outcome, reason = Outcome.REFUSED, "its slug was given to another exercise at the same time"
        except ServiceUnavailable:
            raise click.ClickException(f"Solutions cannot be tried: {local_judge().status().trouble}") from None
        finally:
            db.session.rollback()
        click.echo(f"[{number}/{len(folders)}] {folder.name}: {outcome}")
        yield folder.name, outcome, reason


def _import(folder: Folder, options: Options, slugs: set[str | None]) -> Outcome:
    """Import one exercise, and remember its slug."""
    payload = read_exercise(folder, options.language)
    if payload.slug in slugs:
        raise Unusable(f"another exercise of this import has the slug {payload.slug}")
    slugs.add(payload.slug)
    choices = alternatives(folder, payload)
    old = db.session.execute(queries.newest_with_slug(payload.slug)).mappings().one_or_none()
    db.session.rollback()
    if old and (not options.update or any(_is_same(dict(old), values) for values in choices)):
        return Outcome.UNCHANGED
    values = first_in_time(choices)
    for sentence in warnings(values):
        click.echo(f"{folder.name}: {sentence}", err=True)
    if not options.dry_run:
        stored = store_inputs(values)
        db.session.execute(queries.bring_back(old["id"], stored) if old else queries.add(stored))
        db.session.commit()
    return Outcome.UPDATED if old else Outcome.IMPORTED


def _is_same(old: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether an import would change nothing. As JSON, since 1, 1.0 and true are the same to Python."""
    stored = {name: old[name] for name in values}
    wanted = {**values, "cases": separate(values["cases"])[0]}
    return old["deleted_at"] is None and json.dumps(stored) == json.dumps(wanted)
