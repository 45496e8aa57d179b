"""The commands of the service: `python manage.py --help`."""

from project.cli.main import cli

if __name__ == "__main__":
    cli()
