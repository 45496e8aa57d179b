"""The commands `manage.py languages`."""

import sys
from collections.abc import Iterable

import click
from flask.cli import AppGroup

from project.config import NATIVE_PYTHON, TOOLCHAINS
from project.grading.language_status import LanguageStatus
from project.grading.local_judge import local_judge
from project.judging.languages import LANGUAGES
from project.judging.native_languages import NATIVE_LANGUAGES, NativeLanguage
from project.operations.tool_installation import installing
from project.operations.tool_installation.commands import InstallationFailed
from project.sandbox.tools import Tools

ALL = "all"

languages = AppGroup("languages", help="The languages of answers.")


@languages.command("check")
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Run the smoke program of each language in the sandbox, or of those named. Status 1 if one of these fails."""
    judge = local_judge()
    statuses = [judge.languages.check(LANGUAGES[name]) for name in LANGUAGES if not names or name in names]
    for status in statuses:
        _show(status)
    _refuse_unknown(set(names) - {status.language.name for status in statuses})
    sys.exit(1 if names and any(status.missing for status in statuses) else 0)


@languages.command("list")
def list_installed() -> None:
    """List the languages of native programs: what is installed, and what would be."""
    for language in NATIVE_LANGUAGES.values():
        click.echo(f"{language.name:12}{language.title:24}{_state(language)}")


@languages.command("install")
@click.argument("names", nargs=-1, required=True)
@click.option("--check/--no-check", "checks", default=True, help="Whether their smoke programs run afterwards.")
def install(names: tuple[str, ...], *, checks: bool) -> None:
    """Install the compilers and interpreters of these languages, or of all.

    As root, for the host. Otherwise below DATA_DIR/toolchains, where only this service uses them.
    """
    _refuse_unknown(set(names) - {ALL, *NATIVE_LANGUAGES})
    chosen = [NATIVE_LANGUAGES[name] for name in NATIVE_LANGUAGES if name in names or ALL in names]
    plans = []
    for language in chosen:
        if language.missing_tool(Tools(TOOLCHAINS, python=NATIVE_PYTHON)) is None:
            continue
        try:
            plans.append(installing.plan(language))
        except InstallationFailed as error:
            click.echo(error, err=True)
    try:
        installing.install(plans, TOOLCHAINS)
    except InstallationFailed as error:
        raise click.ClickException(str(error)) from None
    if checks:
        statuses = [local_judge().languages.of(LANGUAGES[language.name]) for language in chosen]
        for status in statuses:
            _show(status)
        sys.exit(1 if any(status.missing for status in statuses) else 0)


def _state(language: NativeLanguage) -> str:
    missing = language.missing_tool(Tools(TOOLCHAINS, python=NATIVE_PYTHON))
    if missing is None:
        return "installed"
    try:
        plan = installing.plan(language)
    except InstallationFailed as error:
        return f"missing; {error}"
    return f"missing; would be installed from {plan.way}: {' '.join(plan.packages)}"


def _show(status: LanguageStatus) -> None:
    language = status.language
    state = status.version or "" if status.missing is None else f"not available: {status.missing}"
    click.echo(f"{language.name:12}{language.title:24}{state}")
    if status.missing and language.native is not None:
        for tool, packages in language.native.install.items():
            click.echo(f"{'':12}{'':24}{tool} install {' '.join(packages)}")


def _refuse_unknown(names: Iterable[str]) -> None:
    if unknown := sorted(names):
        raise click.ClickException(f"There is no language {', '.join(unknown)}.")
