"""Which rows of a package a git diff touches."""

from __future__ import annotations

import csv
import re
import subprocess
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from crink_events.report import Issue

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")


def touched_since(root: Path | str, revision: str) -> Callable[[Issue], bool]:
    """Tell issues of records that were added or changed since a revision from all others.

    Parameters
    ----------
    root
        Folder of the package, inside a git repository.
    revision
        A commit, branch or tag, such as ``origin/main``. What is not committed yet, and files
        that git does not know yet, count as changed.

    Returns
    -------
    callable
        Whether an issue stands in such a record; of a file as a whole, in such a file.

    Raises
    ------
    ValueError
        If git is missing, the folder is in no repository, or there is no such revision.
    """
    root = Path(root)
    _git(root, "rev-parse", "--show-toplevel")
    found = _git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    options = ("--unified=0", "--no-color", "--no-ext-diff", "--relative", "--no-renames")
    lines = _lines(
        _git(root, "-c", "core.quotepath=off", "diff", *options, found.strip(), "--", ".")
    )
    new = _git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", ".")
    for name in filter(None, new.split("\0")):
        lines[name] = set(range((root / name).read_bytes().count(b"\n") + 2))
    starts = {name: _starts(root / name) for name in lines if name.endswith(".csv")}

    def wanted(issue: Issue) -> bool:
        if issue.file not in lines or not issue.line:
            return issue.file in lines
        first, last = issue.line, issue.line
        if issue.file in starts:
            records = starts[issue.file]
            at = bisect_right(records, issue.line)
            first, last = records[at - 1], records[at] - 1 if at < len(records) else issue.line
        return any(line in lines[issue.file] for line in range(first, last + 1))

    return wanted


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (a revision cannot become an option: see above)
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
    except OSError:
        raise ValueError("git is not installed; --changed-since needs it") from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["git failed"])[0]
        raise ValueError(f"--changed-since: {reason.removeprefix('fatal: ')}")
    return done.stdout


def _lines(diff: str) -> dict[str, set[int]]:
    """Give the numbers of the new lines of a diff by file."""
    found: dict[str, set[int]] = {}
    name = ""
    for line in diff.split("\n"):
        if line.startswith("+++ "):
            name = line[4:].rstrip("\t").removeprefix("b/")
        elif name and (hunk := _HUNK.match(line)):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            found.setdefault(name, set()).update(range(start, start + count))
    found.pop("/dev/null", None)
    return found


def _starts(path: Path) -> list[int]:
    """Give the physical lines on which the records of a file begin."""
    if not path.is_file():
        return [1]
    starts = [1]
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.reader(file)
        with suppress(csv.Error):  # what follows a broken quotation is one record
            starts += [reader.line_num + 1 for _ in reader]
    return starts
