"""The commands `manage.py languages`."""

import sys

import click
from flask.cli import AppGroup

from project.grading.local_judge import local_judge

languages = AppGroup("languages", help="The languages of answers.")


@languages.command("check")
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Run the smoke program of each language in the sandbox, or of those named. Status 1 if one of these fails."""
    statuses = [status for status in local_judge().languages.all() if not names or status.language.name in names]
    for status in statuses:
        state = status.version or "" if status.missing is None else f"not available: {status.missing}"
        click.echo(f"{status.language.name:12}{status.language.title:24}{state}")
        if status.missing and status.language.native is not None:
            for tool, packages in status.language.native.install.items():
                click.echo(f"{'':12}{'':24}{tool} install {' '.join(packages)}")
    unknown = set(names) - {status.language.name for status in statuses}
    if unknown:
        raise click.ClickException(f"There is no language {', '.join(sorted(unknown))}.")
    sys.exit(1 if names and any(status.missing for status in statuses) else 0)
