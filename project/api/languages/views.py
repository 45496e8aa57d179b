"""Which languages there are, and which of them this installation can judge."""

from typing import Any

from flask import Blueprint, Response

from project.api.languages.schemas import LanguagesAnswer
from project.api.operation import operation
from project.grading.language_status import LanguageStatus
from project.grading.local_judge import local_judge
from project.web.auth import allow
from project.web.permissions import Action
from project.web.responses import success

languages_blueprint = Blueprint("languages", __name__)


@languages_blueprint.get("/languages")
@allow(Action.READ_PAGES)
@operation("List the languages of answers", {200: LanguagesAnswer})
def list_languages() -> Response:
    """List all languages; of those that are not available, say what is missing."""
    return success({"languages": [_shown(status) for status in local_judge().languages.all()]})


def _shown(status: LanguageStatus) -> dict[str, Any]:
    language = status.language
    return {
        "name": language.name,
        "title": language.title,
        "suffix": language.suffix,
        "kinds": sorted(language.kinds),
        "cpu_factor": language.cpu_factor,
        "memory_factor": language.memory_factor,
        "has_files": language.has_files,
        "available": status.missing is None,
        "version": status.version,
        "isolation_level": status.level,
        "missing": status.missing,
        "install": {} if language.native is None else dict(language.native.install),
    }
