"""The command line: thin over the library, one function a command.

Exit codes: 0 done (for ``validate``: valid), 1 invalid or failed, 2 wrong usage or unreadable.
Only click is imported at the top; `crink-events --help` must not wait for pandas.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _format(*choices: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default="text",
        show_default=True,
        help="How the result is written.",
    )


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the library raises and warns of into lines on standard error."""
    import warnings

    from crink_events.loading import DataError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        except DataError as error:
            raise click.ClickException(str(error)) from None
        finally:
            for warning in caught:
                click.echo(f"Warning: {warning.message}", err=True)


def _package_folder(name: str) -> Path:
    from pathlib import Path

    path = Path(name)
    if not (path / "datapackage.json").is_file():
        raise click.UsageError(f'there is no datapackage.json in "{path}"; name the folder with it')
    return path


_PATH = click.argument("path", type=click.Path(exists=True, file_okay=False), default=".")


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="crink-events", message="%(package)s %(version)s")
def main() -> None:
    """Read, check and compile what China, Russia, Iran and North Korea do with each other.

    `tables`, `list`, `show` and `codebook` read the data of this release; `validate`, `fix` and
    `build` work on a folder with a datapackage.json.
    """


@main.command()
@_PATH
@_format("text", "json")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Examples a rule and file in text; 0 shows all.",
)
def validate(path: str, form: str, limit: int) -> None:
    """Check the package in PATH against its contract and the codebook.

    One line an issue: file, physical line and column, rule, what is wrong, and what to do. Exits
    with 0 if it is valid, 1 if it is not, 2 if it could not be checked.
    """
    from crink_events import validation

    try:
        report = validation.validate(_package_folder(path))
    except validation.MissingExtraError as error:
        raise click.UsageError(str(error)) from None
    click.echo(report.to_json() if form == "json" else report.to_text(limit))
    sys.exit(0 if report.valid else 1)


@main.command()
@_PATH
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
def fix(path: str, check: bool) -> None:
    """Write the tables in PATH in their canonical form, and show what changes.

    Rows sorted by key, LF, minimal quotes, Unicode NFC, trimmed cells; no value is changed
    otherwise. A file that cannot be read record by record is left as it is.
    """
    from crink_events import descriptors, formatting

    root = _package_folder(path)
    try:
        found, hindrances = formatting.changes(root)
    except descriptors.ContractError as error:
        raise click.ClickException(f"the contract cannot be read\n{error}") from None
    changed = [change for change in found if change.diff]
    for change in changed:
        for line in change.diff:
            click.echo(line)
        if not check:
            formatting.write(root, change)
    for issue in hindrances:
        click.echo(str(issue), err=True)
    sys.exit(1 if hindrances or (check and changed) else 0)


@main.command()
@_PATH
@click.option(
    "--out",
    type=click.Path(),
    help="Folder to write. Without it: the data folder of the checkout's own package, or"
    " PATH/build.",
)
@_format("text", "json")
def build(path: str, out: str | None, form: str) -> None:
    """Validate the package in PATH and compile it to Parquet.

    Writes every table, the wide events and manifest.json. An invalid package is refused with the
    lines of `validate`, and the last good build stays.
    """
    import json

    from crink_events import building, validation

    root = _package_folder(path)
    inside = root / "crink_events"
    folder = out or (inside / "_data" if inside.is_dir() else root / "build")
    try:
        manifest = building.build(root, folder, validation.LAYERS)
    except validation.MissingExtraError as error:
        raise click.UsageError(str(error)) from None
    except building.InvalidDataError as error:
        click.echo(error.report.to_text(), err=True)
        sys.exit(1)
    except OSError as error:
        raise click.ClickException(str(error)) from None
    if form == "json":
        click.echo(json.dumps(manifest, ensure_ascii=False, indent=2))
        return
    for line in building.describe(manifest):
        click.echo(line)
    click.echo(f"crink-events {manifest['version']} compiled to {folder}")


@main.command()
@_format("text", "json")
def tables(form: str) -> None:
    """List the tables of this release."""
    from crink_events import loading

    with _plain_errors():
        frame = loading.tables()
    if form == "json":
        click.echo(_json(frame))
        return
    columns = (frame[name].tolist() for name in ("table", "rows", "description"))
    for name, rows, description in zip(*columns, strict=True):
        click.echo(f"{name:14} {rows:>6,}  {description}")


@main.command("list")
@click.option("--dyad", multiple=True, metavar="PAIR", help="Such as PRK-RUS; may be repeated.")
@click.option("--actor", multiple=True, metavar="ID", help="Such as IRN or RUS-MFA.")
@click.option("--act", multiple=True, metavar="CODE", help="Such as transfer.")
@click.option("--domain", multiple=True, metavar="CODE", help="Such as defence.")
@click.option("--valence", multiple=True, metavar="CODE", help="Such as limit.")
@click.option("--since", metavar="DAY", help="First day, YYYY-MM-DD.")
@click.option("--until", metavar="DAY", help="Last day, YYYY-MM-DD.")
@click.option("--as-of", metavar="DAY", help="Only what was publicly known on that day.")
@_format("text", "json", "csv")
def list_events(form: str, **filters: Any) -> None:
    """List events, filtered; all filters must fit."""
    from crink_events import loading

    chosen: dict[str, Any] = {name: value or None for name, value in filters.items()}
    with _plain_errors():
        frame = loading.load_events(**chosen)
    if form == "json":
        click.echo(_json(frame))
    elif form == "csv":
        click.echo(_flat(frame).to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        for line in _timeline(frame):
            click.echo(line)
        click.echo(f"{len(frame)} event{'' if len(frame) == 1 else 's'}", err=True)


def _timeline(frame: pd.DataFrame) -> Iterator[str]:
    names = ("start_date", "dyads", "evidence", "title", "event_id")
    for start, dyads, evidence, title, event in zip(*(frame[n] for n in names), strict=True):
        pairs = " ".join(dyads) or "-"
        known = evidence if isinstance(evidence, str) else "-"
        yield f"{start:%Y-%m-%d}  {pairs:23}  {known:19} {title}  [{event}]"


@main.command()
@click.argument("event_id")
@_format("text", "json")
def show(event_id: str, form: str) -> None:
    """Show one event: who, when, how well established, and every claim with its source."""
    import json

    from crink_events import cards

    with _plain_errors():
        card = cards.card(event_id)
    click.echo(
        json.dumps(card, ensure_ascii=False, indent=2) if form == "json" else cards.text(card)
    )


@main.command()
@click.argument("table", required=False)
@click.option("--vocabulary", metavar="NAME", help="Only the codes of this vocabulary.")
@_format("text", "json")
def codebook(table: str | None, vocabulary: str | None, form: str) -> None:
    """Describe the columns of TABLE, or the codes of the vocabularies without it."""
    from crink_events import loading

    if table and vocabulary:
        raise click.UsageError("name a table or a vocabulary, not both")
    with _plain_errors():
        frame = loading.codebook(table)
        if vocabulary:
            frame = loading.vocabulary(vocabulary)
    if form == "json":
        click.echo(_json(frame))
    elif table:
        for column in frame.to_dict("records"):
            known = isinstance(column["vocabulary"], str)
            kind = f"{column['type']} {column['vocabulary']}" if known else column["type"]
            must = ", required" if column["required"] else ""
            click.echo(f"{column['column']} ({kind}{must})\n    {column['description']}")
    else:
        ordered = frame.sort_values(["vocabulary", "position"])
        current = ""
        names = ("vocabulary", "code", "definition")
        for row in zip(*(ordered[n].tolist() for n in names), strict=True):
            name, code, definition = (str(part) for part in row)
            if name != current:
                click.echo(f"\n{name}" if current else name)
                current = name
            click.echo(f"  {code:20} {definition}")


def _json(frame: pd.DataFrame) -> str:
    text: str = frame.to_json(orient="records", date_format="iso", force_ascii=False, indent=2)
    return text


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Give lists as text, for formats that have none."""
    flat = frame.copy()
    for name in flat.columns:
        if flat[name].dtype == object:
            flat[name] = flat[name].map(";".join)
    return flat
