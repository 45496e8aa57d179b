"""The commands of the service: `python manage.py --help`."""

from project.cli import cli

if __name__ == "__main__":
    cli()
