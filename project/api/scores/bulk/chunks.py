"""Reading the lines of a bulk load in chunks, each of which is written at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from project.api.scores.bulk.lines import (
    BadLine,
    Format,
    LineParser,
    check_line,
    csv_parser,
    parse_ndjson,
    split_lines,
)
from project.api.scores.bulk.results import LoadResult


@dataclass
class Chunk:
    """Scores to write in one transaction, by user and exercise. Of several lines for one score, the last is kept."""

    scores: dict[tuple[int, int], bool]
    duplicates: int
    through: int  # the number of the last line


@dataclass(frozen=True)
class ChunkReader:
    """How lines are read."""

    format: Format
    max_line_bytes: int
    chunk_lines: int
    is_complete: bool = True  # whether the end of the text is known not to be cut off

    def chunks(self, blocks: Iterable[bytes], result: LoadResult) -> Iterator[Chunk]:
        """Yield the chunks of a text, and count its lines and the bad ones in `result`.

        Raises:
            BadLine: the header of a CSV is invalid.

        """
        # JSON that is cut off is invalid; CSV may still be valid.
        is_complete = self.is_complete or self.format is Format.NDJSON
        parse: LineParser | None = parse_ndjson if self.format is Format.NDJSON else None
        max_line_bytes, chunk_lines = self.max_line_bytes, self.chunk_lines  # local names, for speed
        scores: dict[tuple[int, int], bool] = {}
        number = good = 0
        for lines in split_lines(blocks, max_line_bytes, is_complete=is_complete):
            for line in lines:
                number += 1
                if not line or line.isspace():
                    continue
                if parse is None:
                    check_line(line, max_line_bytes)
                    parse = csv_parser(line)
                    continue
                result.lines += 1
                try:
                    if len(line) > max_line_bytes or type(line) is not bytes:
                        check_line(line, max_line_bytes)
                    user_id, exercise_id, correct = parse(line)
                except BadLine as error:
                    result.add_bad_line(number, error)
                    continue
                scores[user_id, exercise_id] = correct
                good += 1
                if good == chunk_lines:
                    yield Chunk(scores, good - len(scores), number)
                    scores, good = {}, 0
        if scores:
            yield Chunk(scores, good - len(scores), number)
        else:
            result.written_through = number if result.written_through else 0
