"""The commands that count: panel, network, quantities, covoting and coverage.

Each is a few lines over the function of its name. Only click is imported at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crink_events.cli_parts import (
    AS_OF,
    EXTRA,
    flat,
    format_option,
    json_text,
    plain_errors,
    written,
)

if TYPE_CHECKING:
    import pandas as pd

_Command = TypeVar("_Command", bound=Callable[..., Any])

_BY = click.option(
    "--by", type=click.Choice(["act", "domain", "valence"]), help="Count each code apart."
)
_SINCE = click.option("--since", metavar="DAY", help="First day: YYYY-MM-DD, YYYY-MM or YYYY.")
_UNTIL = click.option("--until", metavar="DAY", help="Last day: YYYY-MM-DD, YYYY-MM or YYYY.")
_DYAD = click.option(
    "--dyad", multiple=True, metavar="PAIR", help="Such as PRK-RUS; may be repeated."
)
_SELECTION = (
    _SINCE,
    _UNTIL,
    _DYAD,
    click.option("--act", multiple=True, metavar="CODE", help="Such as transfer."),
    click.option("--domain", multiple=True, metavar="CODE", help="Such as defence."),
    click.option("--valence", multiple=True, metavar="CODE", help="Such as limit."),
    AS_OF,
    click.option(
        "--proposed", is_flag=True, help="Also count acts that were only proposed or announced."
    ),
    EXTRA,
)
_OUTPUT = (
    click.option(
        "--format",
        "form",
        type=click.Choice(["text", "csv", "json", "parquet"]),
        help="How the result is written. Default: as the ending of --output says, else text.",
    ),
    click.option("--output", type=click.Path(dir_okay=False), help="File to write."),
)


def _with(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def give(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def _asked(filters: dict[str, Any]) -> dict[str, Any]:
    """Take the filters that were given; what was not is left to the library."""
    return {name: value for name, value in filters.items() if value not in {None, (), False}}


def _write(
    frame: pd.DataFrame,
    form: str | None,
    output: str | None,
    text: Callable[[], str],
    records: Callable[[], str] | None = None,
) -> None:
    """Write a result to a file or to standard output, in the format that is asked for."""
    form = form or _form(output)
    if form == "parquet":
        if output is None:
            raise click.UsageError("Parquet is written to a file; name it with --output")
        with _file_errors(output):
            frame.to_parquet(output, index=False)
        return
    if form == "json" and records is not None:
        told = records() + "\n"
    else:
        told = written(frame, form, lambda: [text()])
    if output is None:
        click.echo(told, nl=False)
        return
    from pathlib import Path

    with _file_errors(output):
        Path(output).write_text(told, encoding="utf-8", newline="\n")


def _form(output: str | None) -> str:
    ending = output.rpartition(".")[2].lower() if output else "text"
    return ending if ending in {"csv", "json", "parquet"} else "text"


@contextmanager
def _file_errors(name: str) -> Iterator[None]:
    """Say in one line why a file cannot be written."""
    try:
        yield
    except OSError as error:
        message = f"{name} cannot be written: {error.strerror or error}"
        raise click.ClickException(message) from None


@click.command()
@click.option(
    "--freq",
    type=click.Choice(["Y", "Q", "M"]),
    default="Y",
    show_default=True,
    help="Years, quarters or months.",
)
@click.option(
    "--unit",
    type=click.Choice(["dyad", "directed_dyad", "actor"]),
    default="dyad",
    show_default=True,
    help="Who has a row for every period.",
)
@_with(_BY, *_SELECTION, *_OUTPUT)
def panel(
    freq: str, unit: str, by: str | None, form: str | None, output: str | None, **filters: Any
) -> None:
    """Count acts by dyad or actor and period, in three cuts of the evidence.

    In text, a cell is strict/standard/broad; 0 where all was searched and nothing found, a dot
    where nothing was found and not all was searched. Periods with nothing but dots are left out.
    """
    from crink_events import panels

    with plain_errors():
        frame = panels.panel(freq, unit, by=by, **_asked(filters))
    _write(frame, form, output, lambda: panels.text(frame))


@click.command()
@click.option("--directed", is_flag=True, help="Edges from who acts to whom it is done.")
@click.option(
    "--table",
    type=click.Choice(["edges", "nodes"]),
    default="edges",
    show_default=True,
    help="What CSV and Parquet hold; text and JSON have both.",
)
@_with(_BY, *_SELECTION, *_OUTPUT)
def network(
    directed: bool,
    table: str,
    by: str | None,
    form: str | None,
    output: str | None,
    **filters: Any,
) -> None:
    """Count acts between the four over one span of time, as nodes and edges."""
    from crink_events import networks

    with plain_errors():
        found = networks.network(directed=directed, by=by, **_asked(filters))
    frame = found.edges if table == "edges" else found.nodes
    _write(
        frame,
        form,
        output,
        lambda: f"{_lines(found.nodes)}\n\n{_lines(found.edges)}",
        lambda: f'{{\n"nodes": {json_text(found.nodes)},\n"edges": {json_text(found.edges)}\n}}',
    )


@click.command()
@click.argument("item", required=False)
@click.option("--event", multiple=True, metavar="EVENT_ID", help="Only figures of this event.")
@click.option("--claimant", multiple=True, metavar="ID", help="Such as KOR-NIS.")
@_with(_DYAD, AS_OF, EXTRA, *_OUTPUT)
def quantities(item: str | None, form: str | None, output: str | None, **filters: Any) -> None:
    """Give every claimant's figure of ITEM in order of publication; list the items without it."""
    from crink_events import figures

    asked = _asked(filters)
    if item is None and (wrong := sorted(asked.keys() - {"extra"})):
        raise click.UsageError(f"--{wrong[0].replace('_', '-')} needs an ITEM")
    with plain_errors():
        frame = figures.items(**asked) if item is None else figures.quantities(item, **asked)
    _write(
        frame,
        form,
        output,
        lambda: _lines(flat(frame)) if item is None else figures.text(frame),
    )


@click.command()
@click.option(
    "--by", type=click.Choice(["body", "subject"]), multiple=True, help="A row for each; or both."
)
@click.option("--body", multiple=True, metavar="ID", help="Such as UNSC.")
@click.option("--subject", multiple=True, metavar="ID", help="Whom the vote is about: RUS.")
@_with(_SINCE, _UNTIL, AS_OF, EXTRA, *_OUTPUT)
def covoting(form: str | None, output: str | None, **filters: Any) -> None:
    """Count how often each pair of the four voted alike, opposite or apart."""
    from crink_events import votes

    with plain_errors():
        frame = votes.covoting(**_asked(filters))
    _write(frame, form, output, lambda: _lines(frame))


@click.command()
@_with(EXTRA)
@format_option("text", "csv", "json")
def coverage(extra: tuple[str, ...], form: str) -> None:
    """Show how far each domain of each dyad was searched, and how much was found."""
    from crink_events import ledger

    with plain_errors():
        frame = ledger.coverage(extra=extra or None)
    _write(frame, form, None, lambda: ledger.text(frame))


def _lines(frame: pd.DataFrame) -> str:
    """Write a frame for a terminal, without the keys that only files need."""
    shown = frame[[name for name in frame.columns if "code" not in name]]
    return str(shown.to_string(index=False, na_rep=".")) if len(shown) else "nothing was found"


COMMANDS: tuple[click.Command, ...] = (panel, network, quantities, covoting, coverage)
