"""Issues and reports: what is wrong, where it stands, and what to do about it.

Every layer of the validation, from the JSON of the contract to the rules of the codebook, speaks
through :class:`Issue`. The kinds that Frictionless knows keep its names.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Issue:
    """One thing that is wrong.

    Attributes
    ----------
    file
        Path inside the package, with forward slashes.
    line
        Physical line, from 1; 0 where the whole file is meant.
    column
        Name of the field in a CSV file, or the number of the character in a JSON file; empty where
        the whole line is meant.
    rule
        Id of the rule, such as ``type-error`` or ``dates-in-order``.
    message
        What is wrong.
    severity
        ``error`` makes the package invalid, ``warning`` does not.
    key
        Primary key of the record, parts joined by ``/``; empty where there is none.
    value
        The cell or value as it stands, cut to 200 characters.
    hint
        What to do.
    """

    file: str
    line: int
    column: str
    rule: str
    message: str
    severity: Severity = "error"
    key: str = ""
    value: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part != "")
        mark = "" if self.severity == "error" else f"{self.severity}: "
        record = f" [{self.key}]" if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        text = f"{place} {self.rule} {mark}{self.message}{record}{hint}"
        # One line an issue, whatever stands in the cell.
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


@dataclass(frozen=True)
class Report:
    """The verdict on a package: its issues and what was checked.

    Attributes
    ----------
    issues
        All issues, sorted by place, without repeats.
    rows
        Number of records read, by table.
    layers
        The layers that ran.
    """

    issues: tuple[Issue, ...]
    rows: dict[str, int]
    layers: tuple[str, ...]

    @property
    def errors(self) -> int:
        """Number of issues that make the package invalid."""
        return sum(issue.severity == "error" for issue in self.issues)

    @property
    def warnings(self) -> int:
        """Number of issues that do not."""
        return len(self.issues) - self.errors

    @property
    def valid(self) -> bool:
        """Whether the package has no error."""
        return self.errors == 0

    def to_text(self, limit: int = 20) -> str:
        """Say the report in lines, at most ``limit`` examples a rule and file; 0 shows all."""
        shown: Counter[tuple[str, str]] = Counter()
        lines = []
        for issue in self.issues:
            kind = (issue.file, issue.rule)
            shown[kind] += 1
            if not limit or shown[kind] <= limit:
                lines.append(str(issue))
        for (file, rule), count in sorted(shown.items()):
            if limit and count > limit:
                lines.append(f"{file} {rule}: {count - limit} more not shown ({count} in all)")
        rows = f"{sum(self.rows.values())} records in {len(self.rows)} tables"
        verdict = "valid" if self.valid else "invalid"
        counts = f"{_count(self.errors, 'error')}, {_count(self.warnings, 'warning')}"
        lines.append(f"{verdict}: {rows}, {counts}; checked by {', '.join(self.layers)}")
        return "\n".join(lines)

    def to_json(self) -> str:
        """Say the report as a JSON object; no issue is left out."""
        return json.dumps(
            {
                "valid": self.valid,
                "errors": self.errors,
                "warnings": self.warnings,
                "layers": list(self.layers),
                "rows": self.rows,
                "issues": [dataclasses.asdict(issue) for issue in self.issues],
            },
            ensure_ascii=False,
            indent=2,
        )


def merge(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Sort issues by place and keep the first of those that say the same thing.

    Layers overlap on purpose: two of them that find one fault at one place make one issue.
    """
    kept: dict[tuple[str, int, str, str, str], Issue] = {}
    for issue in issues:
        same_place = (issue.file, issue.line, issue.column, issue.rule)
        # Rules of the codebook can find several things in one cell; engines find one.
        own_words = "" if issue.rule in KINDS else issue.message
        kept.setdefault((*same_place, own_words), issue)
    return tuple(sorted(kept.values()))


def nearest(word: str, known: Sequence[str]) -> str:
    """Name the valid word that is nearest to a wrong one, as a question, or nothing.

    Examples
    --------
    >>> nearest("pledged", ["sign", "pledge"])
    'did you mean "pledge"?'
    """
    import difflib

    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if not found:
        lowered = {name.lower(): name for name in known}
        close = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
        found = [lowered[name] for name in close]
    return f'did you mean "{found[0]}"?' if found else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


#: The kinds of issue that are not rules of the codebook: id and reason.
KINDS: dict[str, str] = {
    "package-error": "The package must be readable before anything can be said of it.",
    "contract-error": "A contract that says something unknown would be silently ignored.",
    "file-error": "A table that cannot be read cannot be checked.",
    "encoding-error": "All files are UTF-8; other bytes become wrong letters.",
    "byte-order-mark": "A byte order mark becomes part of the first field's name.",
    "line-ending": "Lines end with LF, so that a diff shows changes only.",
    "control-character": "Invisible characters make equal codes unequal and hide text.",
    "quoting-error": "A stray quotation mark swallows the cells and lines that follow it.",
    "incorrect-label": "The header names the fields in the order of the schema.",
    "extra-label": "A column that the schema does not know would be lost.",
    "missing-label": "A column that is not there cannot be checked.",
    "duplicate-label": "Of two columns with one name, one would be lost.",
    "extra-cell": "A row with a cell too many has usually an unquoted comma.",
    "missing-cell": "A row with a cell too few has usually lost a comma.",
    "blank-row": "A blank row is a record without a key.",
    "untrimmed": "Blanks around a value make equal codes unequal.",
    "not-normalised": "Text is in Unicode form NFC, so that equal words are equal bytes.",
    "row-order": "Rows are sorted by key, so that a diff shows changes only.",
    "type-error": "The cell is not of the type that the schema gives the field.",
    "constraint-error": "The cell breaks a constraint that the schema gives the field.",
    "unique-error": "The value may stand only once in this field.",
    "primary-key": "Each record has a key of its own.",
    "foreign-key": "A reference must point to a record that exists.",
    "engine-error": "A layer of the validation failed; its verdict is missing.",
}
