"""What a bulk load reports about its lines."""

from dataclasses import dataclass, field, fields
from typing import Any

from project.api.scores.bulk.lines import BadLine

MAX_ERRORS = 1000  # are listed; all are counted


@dataclass
class LoadResult:
    """How many lines were read, and what was written of them, so far."""

    lines: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: int = 0
    written_through: int = 0
    unknown_through: int | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)

    def add_bad_line(self, number: int, error: BadLine) -> None:
        """Count a bad line, and list its errors."""
        self.failed += 1
        reasons = ((name, reason) for name, reasons in (error.errors or {}).items() for reason in reasons)
        room = MAX_ERRORS if self.failed <= MAX_ERRORS else 0
        self.errors += [{"line": number, "field": name, "reason": reason} for name, reason in reasons][:room]

    def add_written(self, *, inserted: int, updated: int, unchanged: int, duplicates: int, through: int) -> None:
        """Count the scores of a chunk that was written; `through` is the number of its last line."""
        self.inserted += inserted
        self.updated += updated
        self.unchanged += unchanged
        self.duplicates += duplicates
        self.written_through = through

    def discard_written(self) -> None:
        """Count nothing as written: the transaction of all chunks was not committed."""
        self.inserted = self.updated = self.unchanged = self.duplicates = self.written_through = 0

    def replace_by(self, other: "LoadResult") -> None:
        """Take over all of another result."""
        for each in fields(self):
            setattr(self, each.name, getattr(other, each.name))

    @property
    def message(self) -> str:
        """The result as a sentence."""
        return (
            f"{self.lines} lines: {self.inserted} inserted, {self.updated} updated, {self.unchanged} unchanged, "
            f"{self.duplicates} duplicates, {self.failed} failed."
        )
