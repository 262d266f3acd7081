"""The command line: thin over the library, one function a command.

Exit codes: 0 done (for ``validate``: valid), 1 invalid or failed, 2 wrong usage or unreadable.
Only click is imported at the top; `crink-events --help` must not wait for pandas.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crink_events import cli_panels
from crink_events.cli_parts import AS_OF as _AS_OF
from crink_events.cli_parts import EXTRA as _EXTRA
from crink_events.cli_parts import format_option as _format
from crink_events.cli_parts import json_text as _json
from crink_events.cli_parts import plain_errors as _plain_errors
from crink_events.cli_parts import written as _written

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from crink_events.report import Issue

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _package_folder(name: str) -> Path:
    from pathlib import Path

    path = Path(name)
    try:
        there = (path / "datapackage.json").is_file()
    except (OSError, ValueError) as error:
        raise click.UsageError(f'"{path}" cannot be read: {error}') from None
    if not there:
        raise click.UsageError(f'there is no datapackage.json in "{path}"; name the folder with it')
    return path


_PATH = click.argument("path", type=click.Path(exists=True, file_okay=False), default=".")


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="crink-events", message="%(package)s %(version)s")
def main() -> None:
    """Read, check and compile what China, Russia, Iran and North Korea do with each other.

    `tables`, `list`, `show`, `timeline`, `bibliography`, `cite` and `codebook` read the data of
    this release; `panel`, `network`, `quantities`, `covoting` and `coverage` count them; `new`,
    `validate`, `fix` and `build` work on a folder with a datapackage.json; `rules` says what is
    checked.
    """


@main.command()
@_PATH
@_format("text", "json", "github", "junit")
@click.option("--quick", is_flag=True, help="The contract engine alone: for editors and hooks.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(["contract", "rules", "pandera", "frictionless"]),
    help="Run this layer alone (pandera: with the codebook's rules); may be repeated.",
)
@click.option("--rule", "ids", multiple=True, metavar="ID", help="Show issues of this rule only.")
@click.option("--table", "names", multiple=True, metavar="NAME", help="Show this table only.")
@click.option(
    "--changed-since", metavar="REV", help="Show only records that a git diff since REV touches."
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Examples a rule and file in text; 0 shows all.",
)
def validate(
    path: str,
    form: str,
    quick: bool,
    only: tuple[str, ...],
    ids: tuple[str, ...],
    names: tuple[str, ...],
    changed_since: str | None,
    limit: int,
) -> None:
    """Check the package in PATH against its contract and the codebook.

    One line an issue: file, physical line and column, rule, what is wrong, and what to do. Three
    layers give one verdict: the contract engine, Pandera's columns with the codebook's rules, and
    Frictionless. `--rule`, `--table` and `--changed-since` choose what is shown; all is checked,
    and counts. Exits with 0 if the package is valid, 1 if it is not, 2 if it could not be checked.
    """
    from crink_events import faces, forking, validation
    from crink_events.descriptors import is_extension

    root = _package_folder(path)
    if quick and only:
        raise click.UsageError("--quick is --only contract; name one of the two")
    layers = ("contract",) if quick else _layers(only)
    check = partial(validation.validate, root, layers, processes=forking.processes())
    if is_extension(root):  # whose check takes longer to import
        from crink_events.extensions import validate_extension

        check = partial(validate_extension, root, layers)
    try:
        wanted = _wanted(root, ids, names, changed_since)
        with _progress("checking", len(layers) + 2) as progress:
            report = check(progress=progress)
    except (validation.MissingExtraError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    report = report.only(lambda issue: all(want(issue) for want in wanted))
    click.echo(faces.said(report, form, path, limit))
    sys.exit(0 if report.valid else 1)


def _layers(only: tuple[str, ...]) -> tuple[str, ...]:
    from crink_events.validation import LAYERS

    chosen = {*only, "rules"} if "pandera" in only else set(only)
    return tuple(layer for layer in LAYERS if layer in chosen) or LAYERS


def _wanted(
    root: Path, ids: tuple[str, ...], names: tuple[str, ...], revision: str | None
) -> list[Callable[[Issue], bool]]:
    """Give what an issue must satisfy to be shown; ValueError for a rule or table that is none."""
    found: list[Callable[[Issue], bool]] = []
    if ids:
        from crink_events import catalogue

        for name in ids:
            catalogue.entry(name)
        found.append(lambda issue: issue.rule in ids)
    if names:
        from crink_events.descriptors import table_names
        from crink_events.report import nearest

        known = table_names(root)
        for name in names:
            if known and name not in known:
                hint = nearest(name, known) or f"there are {', '.join(known)}"
                raise ValueError(f'there is no table "{name}"; {hint}')
        files = {f"{folder}/{name}.{kind}" for name in names for folder, kind in _PLACES}
        found.append(lambda issue: issue.file in files)
    if revision:
        from crink_events.touched import touched_since

        found.append(touched_since(root, revision))
    return found


_PLACES = (("data", "csv"), ("schemas", "json"))


@contextmanager
def _progress(label: str, steps: int) -> Iterator[Callable[[str], None] | None]:
    """Show a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(
        length=steps, label=label, file=sys.stderr, item_show_func=lambda step: step, width=24
    ) as bar:
        yield lambda step: bar.update(1, step)


@main.command()
@click.argument("rule", required=False, metavar="[ID]")
@_format("text", "json")
def rules(rule: str | None, form: str) -> None:
    """List what is checked: every rule with its reason; with ID, all about one.

    Kinds of the contract engine come first, under the names that Frictionless gives them where it
    has one; then the rules of the codebook, with an example that fails and one that passes.
    """
    import json

    from crink_events import catalogue

    try:
        found = [catalogue.entry(rule)] if rule else catalogue.entries()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if form == "json":
        click.echo(json.dumps([entry._asdict() for entry in found], ensure_ascii=False, indent=2))
    elif rule:
        click.echo(catalogue.text(found[0]))
    else:
        for entry in found:
            click.echo(f"{entry.id:22} {entry.severity:8} {entry.why}")


@main.command()
@_PATH
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
def fix(path: str, check: bool) -> None:
    """Write the tables in PATH in their canonical form, and show what changes.

    Rows sorted by key, LF, minimal quotes, Unicode NFC, trimmed cells, and lists sorted whose order
    says nothing (parties, languages of a search, sets of coders); no value is changed
    otherwise. A file that cannot be read record by record is left as it is.
    """
    from crink_events import descriptors, extensions, formatting

    root = _package_folder(path)
    compare = extensions.changes if descriptors.is_extension(root) else formatting.changes
    try:
        found, hindrances = compare(root)
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
    from crink_events.descriptors import is_extension

    root = _package_folder(path)
    if is_extension(root):
        raise click.UsageError("an extension is not built; load it beside the release: --extra")
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


_FILTERS = (
    click.option("--dyad", multiple=True, metavar="PAIR", help="Such as PRK-RUS; may be repeated."),
    click.option("--actor", multiple=True, metavar="ID", help="Such as IRN or RUS-MFA."),
    click.option("--act", multiple=True, metavar="CODE", help="Such as transfer."),
    click.option("--domain", multiple=True, metavar="CODE", help="Such as defence."),
    click.option("--valence", multiple=True, metavar="CODE", help="Such as limit."),
    click.option("--since", metavar="DAY", help="First day, YYYY-MM-DD."),
    click.option("--until", metavar="DAY", help="Last day, YYYY-MM-DD."),
    _AS_OF,
    _EXTRA,
)
_EVENT_IDS = click.argument("event_ids", nargs=-1, metavar="[EVENT_ID]...")


def _filters(command: _Command) -> _Command:
    """Give a command the options that choose events."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def _chosen(filters: dict[str, Any], event_ids: tuple[str, ...] = ()) -> pd.DataFrame | None:
    """Load the events that options and ids choose; None where nothing was chosen."""
    from crink_events import frames, loading

    chosen: dict[str, Any] = {name: value or None for name, value in filters.items()}
    if event_ids:
        for name in event_ids:
            frames.known_event(name, chosen["extra"])
        frame = loading.load_events(inactive=True, **chosen)
        return frame[frame["event_id"].isin(event_ids)]
    return loading.load_events(**chosen) if any(chosen.values()) else None


@main.command("list")
@_filters
@_format("text", "json", "csv")
def list_events(form: str, **filters: Any) -> None:
    """List events, filtered; all filters must fit."""
    from crink_events import loading

    with _plain_errors():
        frame = _chosen(filters)
        if frame is None:
            frame = loading.load_events()
    click.echo(_written(frame, form, lambda: _timeline(frame)), nl=False)
    if form == "text":
        click.echo(f"{len(frame)} event{'' if len(frame) == 1 else 's'}", err=True)


def _timeline(frame: pd.DataFrame) -> Iterator[str]:
    names = ("start_date", "dyads", "evidence", "title", "event_id")
    for start, dyads, evidence, title, event in zip(*(frame[n] for n in names), strict=True):
        pairs = " ".join(dyads) or "-"
        known = evidence if isinstance(evidence, str) else "-"
        yield f"{start:%Y-%m-%d}  {pairs:23}  {known:19} {title}  [{event}]"


@main.command()
@click.argument("event_id")
@_AS_OF
@_EXTRA
@_format("text", "json")
def show(event_id: str, as_of: str | None, extra: tuple[str, ...], form: str) -> None:
    """Show one event: who, when, how well established, and every claim with its source."""
    import json

    from crink_events import cards

    with _plain_errors():
        card = cards.event(event_id, as_of=as_of, extra=extra or None)
    click.echo(
        json.dumps(card.to_dict(), ensure_ascii=False, indent=2) if form == "json" else str(card)
    )


@main.command()
@_EVENT_IDS
@_filters
@_format("text", "json", "csv")
def timeline(event_ids: tuple[str, ...], form: str, **filters: Any) -> None:
    """List the claims about events in order of publication, with what they changed.

    Of the named events, or of those that the filters choose; of all without either.
    """
    from crink_events import timelines

    with _plain_errors():
        frame = timelines.timeline(_chosen(filters, event_ids), extra=filters["extra"] or None)
    click.echo(_written(frame, form, lambda: _said(frame)), nl=False)


def _said(frame: pd.DataFrame) -> Iterator[str]:
    names = ("day", "event_id", "claimant_id", "stance", "about", "evidence_before")
    columns = (frame[n].tolist() for n in (*names, "evidence_after"))
    for day, event, claimant, stance, about, before, after in zip(*columns, strict=True):
        on = "" if about == "occurrence" else f" on {about}"
        was, now = (v if isinstance(v, str) else "-" for v in (before, after))
        change = now if was == now else f"{was} > {now}"
        yield f"{day:%Y-%m-%d}  {claimant} {stance}{on}  {change}  [{event}]"


@main.command()
@_EVENT_IDS
@_filters
@_format("text", "json", "csv")
def bibliography(event_ids: tuple[str, ...], form: str, **filters: Any) -> None:
    """List the sources behind events, with their publishers and the events that they carry.

    Of the named events, or of those that the filters choose; of all without either.
    """
    from crink_events import citing

    with _plain_errors():
        frame = citing.bibliography(_chosen(filters, event_ids), extra=filters["extra"] or None)
    click.echo(_written(frame, form, lambda: _listed(frame)), nl=False)


def _listed(frame: pd.DataFrame) -> Iterator[str]:
    names = ("published_on", "publisher", "title", "url", "event_ids")
    dated = frame["published_on"].dt.strftime("%Y-%m-%d").fillna("undated   ")
    columns = (frame.assign(published_on=dated)[name] for name in names)
    for when, publisher, title, url, events in zip(*columns, strict=True):
        called = f". {title}" if isinstance(title, str) else ""
        yield f"{when}  {publisher}{called}. {url}  [{', '.join(events)}]"


@main.command()
@_EVENT_IDS
@_filters
@click.option(
    "--style",
    type=click.Choice(["text", "bibtex", "apa", "csl-json"]),
    default="text",
    show_default=True,
    help="How the citation is written.",
)
@click.option("--sources", is_flag=True, help="Cite the sources behind the events too.")
def cite(event_ids: tuple[str, ...], style: str, sources: bool, **filters: Any) -> None:
    """Cite this release, or the events that are named or chosen by filters.

    The citation names the version, a hash of its content, and a hash of the chosen rows.
    """
    from crink_events import citing

    with _plain_errors():
        click.echo(
            citing.cite(
                _chosen(filters, event_ids),
                style=style,
                sources=sources,
                extra=filters["extra"] or None,
            )
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


class _Late(click.Group):
    """A group whose commands are imported when one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        from crink_events.cli_new import COMMANDS

        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        from crink_events.cli_new import COMMANDS

        return COMMANDS.get(cmd_name)


@main.group(cls=_Late)
def new() -> None:
    """Append an event, or a claim about one, to the tables of a folder."""


for _command in cli_panels.COMMANDS:
    main.add_command(_command)
