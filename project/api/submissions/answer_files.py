"""The files that learners hand in beside an answer: whether an exercise accepts them."""

from collections.abc import Mapping

from project.api.submissions import queries
from project.extensions import db
from project.judging.answers import refused_names
from project.judging.languages import LANGUAGES
from project.web.errors import InvalidPayload


def check_files(files: Mapping[str, str], answer: str, exercise_id: int, language: str | None) -> None:
    """Check the names of files for an exercise as it is now, in the chosen language or in its default one.

    Without files, nothing is read.

    Raises:
        InvalidPayload: the language has no files, or another file has such a name.

    """
    if not files:
        return
    row = db.session.execute(queries.FILES_OF_EXERCISE, {"exercise_id": exercise_id}).one_or_none()
    db.session.rollback()  # releases the connection
    known = LANGUAGES.get(language or row.language) if row else None
    if row is None or known is None:
        return  # handing in reports that
    refused = dict(refused_names(known, answer, files, row.support_files))
    if refused:
        raise InvalidPayload(errors={f"files.{name}": [sentence] for name, sentence in refused.items()})
