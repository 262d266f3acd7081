"""The verdict on an extension: its rows behind the published ones, every layer over the whole.

What is found is told at the extension's own files and lines. What was wrong without the extension
is not its fault and is not told.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from crink_events import published
from crink_events.contract import Package
from crink_events.descriptors import read_contract
from crink_events.extensions.folder import Extension, alone, read_extension
from crink_events.kinds import KINDS
from crink_events.reading import Cells, read_cells
from crink_events.report import Issue, Report, merge
from crink_events.validation import LAYERS, validate

#: Judged on the extension's file alone: the shape of its rows; their order, for they stand behind
#: the published ones in the check; and what was searched, for others may have searched it too.
_ALONE = ("extra-cell", "missing-cell", "row-order", "coverage-overlap")
#: What the published rows can mend is not judged without them.
_TOGETHER = ("foreign-key", "list-reference")
#: Numbers of rows about a published event run through both packages only by chance.
_NUMBERING = ("claim-order", "quantity-numbers")


#: Tables whose rows speak of an event, and the fields that name it.
_SPEAKING = (
    ("claims", ("event_id",)),
    ("links", ("from_event", "to_event")),
    ("events", ("merged_into",)),
)


class InvalidExtensionError(Exception):
    """The extension is not valid; ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.to_text())
        self.report = report


@dataclass(frozen=True)
class Own:
    """The readable rows of an extension, and how its places are told."""

    extension: Extension
    cells: Mapping[str, Cells]
    #: Put before a file's name where several extensions are checked together.
    prefix: str

    @property
    def unreadable(self) -> set[str]:
        """The tables whose file or header cannot be used."""
        return self.extension.files.keys() - self.cells.keys()

    def issue(
        self, table: str, row: int, column: str, rule: str, message: str, **more: Any
    ) -> Issue:
        """Make an issue of one cell, with its place in the extension's own file."""
        cells = self.cells[table]
        position = cells.table.field_names.index(column)
        return Issue(
            file=self.prefix + cells.table.path,
            line=cells.line(row, position),
            column=column,
            rule=rule,
            message=message,
            key=cells.key(row),
            value=cells.records[row][position][:200],
            **more,
        )

    def rows(self, table: str, *fields: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Give the texts of some fields of every row of a table, none if it has none."""
        if table in self.cells:
            names = self.cells[table].table.field_names
            where = [names.index(field) for field in fields]
            for row, record in enumerate(self.cells[table].records):
                yield row, tuple(record[place] for place in where)


def _judge_alone(
    extension: Extension, prefix: str, data: Path | None, today: dt.date
) -> tuple[Own, list[Issue]]:
    """Read the rows of an extension, and judge what needs no other rows.

    Only what the published rows can mend is left for later: references to them.
    """
    with alone(extension, data) as package:
        report = validate(package.root, ("contract", "rules"), today)
        cells = {name: read_cells(package, package.tables[name])[0] for name in extension.files}
        files = {package.tables[name].path for name in extension.files}
    readable = {name: c for name, c in cells.items() if c is not None and not c.absent}
    own = Own(extension, readable, prefix)
    issues = [
        issue._replace(file=prefix + issue.file)
        for issue in report.issues
        if issue.file in files
        and (issue.rule in _ALONE or (issue.rule in KINDS and issue.rule not in _TOGETHER))
    ]
    return own, issues


def _scope(own: Own, events: Collection[str]) -> Iterator[Issue]:
    """Find rows that would change the edited form of a published event."""
    mine = {event for _, (event,) in own.rows("events", "event_id")}
    for row, (event,) in own.rows("participants", "event_id"):
        if event in events and event not in mine:
            message = f'the participants of "{event}" are the published package\'s'
            hint = "say it by a claim about `participants`"
            yield own.issue("participants", row, "event_id", "extension-scope", message, hint=hint)
    if "claims" in own.unreadable:
        return  # whose claims the amounts belong to cannot be told
    claims = {claim for _, claim in own.rows("claims", "event_id", "claim_no")}
    for row, claim in own.rows("quantities", "event_id", "claim_no"):
        if claim[0] in events and claim[0] not in mine and claim not in claims:
            message = f'claim {claim[1]} of "{claim[0]}" is the published package\'s'
            hint = "state the amount in a claim of your own"
            yield own.issue("quantities", row, "claim_no", "extension-scope", message, hint=hint)


def _join(package: Package, owns: Sequence[Own]) -> dict[tuple[str, int], tuple[Own, int]]:
    """Put the rows of extensions behind the published ones, in the files of the package.

    Rules that compare rows blame the later of two; behind the published rows, that is always
    the extension's. A file that cannot be read leaves its table unreadable: nobody then judges
    references to records that are not known.

    Returns
    -------
    dict
        For each line that was added to a file: the extension, and the line in its own file.
    """
    origin: dict[tuple[str, int], tuple[Own, int]] = {}
    for own in owns:
        for name, cells in own.cells.items():
            file = package.tables[name].path
            path = package.root / file
            line = path.read_bytes().count(b"\n") + 1
            out = io.StringIO()
            writer = csv.writer(out, lineterminator="\n")
            for row, (record, start) in enumerate(zip(cells.records, cells.lines, strict=True)):
                # A row of the wrong width is not judged cell by cell, and must not be here.
                writer.writerow([*record, ""] if row in cells.odd else record)
                height = 1 + sum(cell.count("\n") for cell in record)
                origin |= {(file, line + n): (own, start + n) for n in range(height)}
                line += height
            with path.open("ab") as handle:
                # Bytes that are not UTF-8 stay what they are, and are reported.
                handle.write(out.getvalue().encode("utf-8", "surrogateescape"))
    for own in owns:
        for name in own.unreadable:
            (package.root / package.tables[name].path).write_bytes(b"")
    return origin


class Checked(NamedTuple):
    """The published package with the rows of extensions, and the verdict on them."""

    package: Package
    report: Report
    owns: list[Own]


def validate_extension(
    root: Path | str,
    layers: Sequence[str] = LAYERS,
    today: dt.date | None = None,
    progress: Callable[[str], object] | None = None,
    data: Path | None = None,
) -> Report:
    """Check an extension as one package with the published rows.

    Parameters
    ----------
    root
        Folder of the extension.
    layers, today, progress
        As in :func:`crink_events.validation.validate`.
    data
        Folder of the compiled data; missing means that of the installed package.

    Returns
    -------
    Report
        What is wrong with the extension, in its own files and lines. A fault of a published row
        that is not there without the extension stands at the row that causes it, or at
        ``datapackage.json`` where no row can be named. A broken ``datapackage.json`` is reported
        alone.

    Raises
    ------
    MissingExtraError
        If a layer's package is not installed; the message names the command that installs it.

    Examples
    --------
    >>> report = validate_extension("no-such-folder", layers=("contract",))
    >>> report.issues[0].rule, report.valid
    ('package-error', False)
    """
    extension, issues = read_extension(root, data)
    if extension is None:
        return Report(merge(issues), {}, ("contract",))
    with checked([extension], layers, today, data, progress) as found:
        report = found.report
    return report._replace(issues=merge(issues, report.issues))


@contextmanager
def checked(
    extensions: Sequence[Extension],
    layers: Sequence[str],
    today: dt.date | None,
    data: Path | None,
    progress: Callable[[str], object] | None = None,
) -> Iterator[Checked]:
    """Judge extensions together, and give the joint package as long as its folder lasts."""
    newest = max([today or dt.date.today(), *(extension.created for extension in extensions)])
    alone_found: list[Issue] = []
    owns: list[Own] = []
    for extension in extensions:
        prefix = f"{extension.name}/" if len(extensions) > 1 else ""
        own, found = _judge_alone(extension, prefix, data, newest)
        owns.append(own)
        alone_found += found
    with published.unpacked(data) as folder:
        package = read_contract(folder)
        cells, _ = read_cells(package, package.tables["events"])
        events = {cells.key(row) for row in range(len(cells.records))} if cells else set[str]()
        lines = _join(package, owns)
        report = validate(folder, layers, newest, progress)
        scope = [issue for own in owns for issue in _scope(own, events)]
        home = list(_at_home(report.issues, lines, events))
        broken = {package.tables[name].path for own in owns for name in own.unreadable}
        theirs = [
            issue
            for issue in report.issues
            if (issue.file, issue.line) not in lines and issue.file not in broken
        ]
        for some in (("contract", "rules"), layers):
            # The cheap layers explain nearly all; the others run only where they do not.
            if theirs:
                known = _before(some, newest, data)
                theirs = [issue for issue in theirs if _signature(issue) not in known]
        caused = _caused(theirs, owns, home)
        rows: Counter[str] = Counter()
        for own in owns:
            rows.update({name: len(found.records) for name, found in own.cells.items()})
        issues = merge(alone_found, scope, home, caused)
        report = report._replace(issues=issues, rows=dict(rows))
        yield Checked(package, report, owns)


def _signature(issue: Issue) -> tuple[str, int, str, str, str]:
    return issue.file, issue.line, issue.column, issue.rule, issue.message


def _before(
    layers: Sequence[str], today: dt.date, data: Path | None
) -> set[tuple[str, int, str, str, str]]:
    """Give what can be said of the published package alone."""
    with published.unpacked(data) as folder:
        issues = validate(folder, layers, today).issues
    # A layer that fails leaves its verdict open, whoever caused it.
    return {_signature(issue) for issue in issues if issue.rule != "engine-error"}


def _at_home(
    issues: Iterable[Issue],
    lines: Mapping[tuple[str, int], tuple[Own, int]],
    events: Collection[str],
) -> Iterator[Issue]:
    """Tell the issues of rows that an extension added at their own places."""
    for issue in issues:
        if (issue.file, issue.line) not in lines or issue.rule in _ALONE:
            continue
        own, line = lines[issue.file, issue.line]
        if issue.rule in _NUMBERING and issue.key.split("/")[0] in events:
            continue

        def other(match: re.Match[str], file: str = issue.file, own: Own = own) -> str:
            number = int(match[1])
            there, at = lines.get((file, number), (None, number))
            if there is own:
                return f"in line {at}"
            name = there.extension.name if there else "the published"
            return f"in line {at} of {name} {file}"

        message = re.sub(r"\bin line (\d+)", other, issue.message)
        file = own.prefix + issue.file
        yield issue._replace(file=file, line=line, message=message)


def _caused(
    issues: Iterable[Issue], owns: Sequence[Own], told: Collection[Issue]
) -> Iterator[Issue]:
    """Tell what extensions do to published rows at the rows that do it, once each."""
    seen = {(issue.file, issue.line, issue.rule) for issue in told}
    # A circle of links is told at each of its rows: that of the extension says enough.
    known = {(issue.rule, part) for issue in told for part in issue.key.split("/")}
    for issue in issues:
        if any((issue.rule, part) in known for part in issue.key.split("/")):
            continue
        where = f"{issue.file}:{issue.line}" if issue.line else issue.file
        message = f"{issue.message}, in the published {where}"
        cause = _cause(issue, owns)
        if cause is None:
            prefix = owns[0].prefix if len(owns) == 1 else ""
            place = issue._replace(
                file=f"{prefix}datapackage.json", line=1, column="1", message=message
            )
        else:
            own, table, row = cause
            column = own.cells[table].table.primary_key[0]
            place = own.issue(
                table, row, column, issue.rule, message, severity=issue.severity, hint=issue.hint
            )
        if (place.file, place.line, place.rule) not in seen:
            seen.add((place.file, place.line, place.rule))
            yield place


def _cause(issue: Issue, owns: Sequence[Own]) -> tuple[Own, str, int] | None:
    """Find the row of an extension that an issue of a published row names, or that speaks of it."""
    words = set(re.findall(r"[\w-]+", issue.message))
    for own in owns:
        for name, cells in own.cells.items():
            key = cells.table.primary_key
            for row, (text,) in own.rows(name, *key) if len(key) == 1 else ():
                if text in words:
                    return own, name, row
    keys = set(issue.key.split("/"))
    for own in owns:
        for name, fields in _SPEAKING:
            for row, texts in own.rows(name, *fields):
                if not keys.isdisjoint(texts):
                    return own, name, row
    return None
