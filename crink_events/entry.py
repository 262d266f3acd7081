"""Where `crink-events` begins: `validate --quick` at once, all else by click.

Editors and hooks call `validate --quick` at every save and wait for it; importing click would take
a third of their time. What is asked for in another way than here, and every wrong use, is left to
:mod:`crink_events.cli`, which knows all options and says what is wrong.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # letters that a terminal lacks are no error
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = _asked(sys.argv[1:])
    # A terminal has a progress bar, which is click's.
    if asked is None or sys.stderr is None or sys.stderr.isatty() or not _is_package(asked.folder):
        from crink_events import cli

        cli.main()
    else:
        code = _validate(asked)
        sys.stderr.flush()
        # At once: to free the cells one by one would take as long as a tenth of the check.
        os._exit(code)


class _Asked(NamedTuple):
    folder: str
    face: str
    limit: int


def _asked(words: Sequence[str]) -> _Asked | None:
    """Understand `validate --quick [--format FACE] [--limit N] [PATH]`, in any order."""
    if not words or words[0] != "validate" or words.count("--quick") != 1:
        return None
    face, limit = "text", "20"
    folders: list[str] = []
    rest = iter(word for word in words[1:] if word != "--quick")
    for word in rest:
        if word == "--format":
            face = next(rest, "")
        elif word == "--limit":
            limit = next(rest, "")
        elif word.startswith("-"):
            return None
        else:
            folders.append(word)
    from crink_events.faces import FACES

    if face not in FACES or len(folders) > 1:
        return None
    if not (limit.isascii() and limit.isdigit()):
        return None
    return _Asked(folders[0] if folders else ".", face, int(limit))


def _is_package(folder: str) -> bool:
    from pathlib import Path

    from crink_events.descriptors import is_extension

    try:
        there = (Path(folder) / "datapackage.json").is_file()
    except (OSError, ValueError):  # a folder that may not be read, or a name that none can have
        return False
    return there and not is_extension(folder)


def _validate(asked: _Asked) -> int:
    from crink_events import faces, forking, validation

    # This process does nothing else, and pyarrow, which a large package needs, reads texts without
    # numpy; its import would take longer than reading a hundred thousand cells.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    try:
        report = validation.validate(asked.folder, ("contract",), processes=forking.processes())
        sys.stdout.write(faces.said(report, asked.face, asked.folder, asked.limit) + "\n")
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\nAborted!\n")
        return 1
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        return 1
    return 0 if report.valid else 1
