"""The commands `crink-events new event` and `crink-events new claim`.

They append rows to the tables of a checkout: all that belong to one event, or none.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
from click.shell_completion import CompletionItem

from crink_events import appending, asking, drafting, drafts, twins
from crink_events.contract import Package
from crink_events.descriptors import ContractError, read_contract
from crink_events.drafting import Addition
from crink_events.drafts import Claim, Draft, DraftError, Part
from crink_events.known import Tables
from crink_events.report import Issue, nearest

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _known(table: str, name: str) -> Callable[..., list[CompletionItem]]:
    """Let the shell complete a field from the package in PATH: codes with labels, or ids."""

    def offer(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        # An option without its value ends the parsing: PATH is then left among the arguments.
        folders = [*ctx.args, ctx.params.get("path") or "."]
        roots = [name for name in folders if (Path(name) / "datapackage.json").is_file()]
        try:
            package = read_contract(roots[0]) if roots else None
        except ContractError:
            package = None
        if package is None:
            return []
        tables = Tables.read(package)
        vocabulary = package.tables[table].field(name).vocabulary
        known = dict.fromkeys(tables.ids(tables.target(table, name) or table), "")
        if vocabulary:
            known = {code: row["label"] for code, row in tables.codes(vocabulary).items()}
        begun = incomplete.casefold()
        return [
            CompletionItem(word, help=label or None)
            for word, label in known.items()
            if word.casefold().startswith(begun)
        ]

    return offer


class _Option(NamedTuple):
    """An option that says one field of a part."""

    flag: str
    field: str
    help: str


_EVENT = (
    _Option("--title", "title", "What was done by whom, in your own words."),
    _Option("--summary", "summary", "The event in at most 60 words."),
    _Option("--act", "act", "What was done."),
    _Option("--domain", "domain", "The object of the act."),
    _Option("--status", "status", "The stage that the act reached."),
    _Option("--start", "start_date", "First day, YYYY-MM-DD."),
    _Option("--end", "end_date", "Last day; the first if left out."),
    _Option("--date-precision", "date_precision", "How the days are read; `day` if there is one."),
    _Option("--date-anchor", "date_anchor", "Which moment the days mark."),
    _Option("--place", "place", "City, site or sea."),
    _Option("--place-country", "place_country", "State of the place."),
    _Option("--geo-precision", "geo_precision", "How exactly it is known; `none` without a place."),
    _Option("--latitude", "latitude", "Degrees north."),
    _Option("--longitude", "longitude", "Degrees east."),
    _Option("--valence", "valence", "That of the act if left out."),
    _Option("--series", "series", "Slug that editions share."),
    _Option("--agreement", "agreement_id", "The instrument, as in data/agreements.csv."),
    _Option("--theme", "themes", "At most two, with a semicolon between them."),
    _Option("--note", "note", "What a reader of the codes must know."),
    _Option("--id", "event_id", "Made from actors, title and year if left out."),
)
_CLAIM = (
    _Option("--claimant", "claimant_id", "Who says it, not who prints it."),
    _Option("--stance", "stance", "What the claimant does with the matter."),
    _Option("--basis", "basis", "What the claim rests on."),
    _Option("--public-on", "public_on", "Day of the statement; the page's if left out."),
    _Option("--public-is", "public_is", "`exact` for a day that is given."),
    _Option("--about", "about", "`occurrence` if left out."),
    _Option("--value", "value", "What is claimed, if not the occurrence."),
    _Option("--origin", "origin", "Slug that claims of one origin share."),
    _Option("--claim-note", "note", "What a reader of the claim must know."),
)
_SOURCE = (
    _Option("--url", "url", "Address of the page; if it is recorded, the rest is not needed."),
    _Option("--source", "source_id", "Id of a recorded source, or of the new one."),
    _Option("--source-title", "title", "Its own title, as it stands."),
    _Option("--published-on", "published_on", "Day that it bears."),
    _Option("--language", "language", "ISO 639-1 code of the text read."),
    _Option("--kind", "kind", "What sort of document it is."),
    _Option("--read-on", "read_on", "Today if left out."),
    _Option("--publisher", "publisher_id", "Found by the address if left out."),
    _Option("--publisher-name", "publisher_name", "Of a publisher that is not known yet."),
    _Option("--publisher-country", "publisher_country", "Its home state; '' for a body of states."),
    _Option("--publisher-ownership", "publisher_ownership", "Who owns it."),
    _Option("--publisher-state-voice", "publisher_state_voice", "The state that it speaks for."),
)
_PARTS = {"events": _EVENT, "claims": _CLAIM, "sources": _SOURCE}
_PATH = click.argument("path", type=click.Path(exists=True, file_okay=False), default=".")


def _options(*tables: str) -> Callable[[_Command], _Command]:
    """Add an option for each field that a part can say."""

    def add(command: _Command) -> _Command:
        for table in reversed(tables):
            for option in reversed(_PARTS[table]):
                table_of, name = table, option.field
                if name.startswith("publisher_") and name != "publisher_id":
                    table_of, name = "publishers", name.removeprefix("publisher_")
                kind = _known(table_of, name) if name in _COMPLETED else None
                command = click.option(
                    option.flag,
                    f"{table}__{option.field}",
                    shell_complete=kind,
                    metavar=_COMPLETED.get(
                        name, "DAY" if name.endswith(("_on", "_date")) else "TEXT"
                    ),
                    help=option.help,
                )(command)
        return command

    return add


_CODES = """
act domain status date_precision date_anchor geo_precision valence themes
stance basis public_is about kind ownership
"""
_IDS = """
place_country agreement_id claimant_id source_id publisher_id country state_voice
"""
#: Fields that the shell completes, and what their options are given.
_COMPLETED = dict.fromkeys(_CODES.split(), "CODE") | dict.fromkeys(_IDS.split(), "ID")


def _common(command: _Command) -> _Command:
    """Add what both commands have."""
    for option in (
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="How the result is written.",
        ),
        click.option("--scaffold", is_flag=True, help="Print an empty draft, and do nothing else."),
        click.option("--dry-run", is_flag=True, help="Show and check the new rows; write nothing."),
        click.option("--yes", is_flag=True, help="Write without asking first."),
        click.option(
            "--from",
            "file",
            type=click.Path(exists=True, dir_okay=False),
            help="A draft in TOML; options overrule its event and add to its lists.",
        ),
        click.option(
            "--also-in",
            multiple=True,
            shell_complete=_known("claims", "source_id"),
            metavar="ID",
            help="Another recorded source with the same statement; may be repeated.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@_PATH
@_options("events")
@click.option(
    "--participant",
    "participants",
    multiple=True,
    metavar="ACTOR:ROLE[:VIA;VIA]",
    help="One for each participant.",
)
@click.option(
    "--link",
    "links",
    multiple=True,
    metavar="RELATION:EVENT",
    help="From the new event; repeatable.",
)
@click.option(
    "--not-twin",
    "apart",
    multiple=True,
    shell_complete=_known("events", "event_id"),
    metavar="ID",
    help="A like event that is another one; may be repeated.",
)
@_options("claims", "sources")
@_common
def event(path: str, apart: Sequence[str], **said: Any) -> None:
    """Append an event, with participants, claims and sources, to the tables in PATH.

    Asks for what is missing on a terminal; elsewhere names all of it and stops. Codes may be cut
    short (`exer`), actors named (`Russia`). More claims, amounts and links come from a draft:
    `--scaffold > draft.toml`, then `--from draft.toml`. Nothing is written before it is valid.
    """
    with _plain_errors():
        session = _Session(path, said)
        if said["scaffold"]:
            click.echo(drafts.scaffold(session.package), nl=False)
            return
        draft = session.draft()
        known = _apart(session.tables, apart, draft)
        with session.kept(draft):
            session.ask(draft, lambda: session.asker.event(draft, known))
            asked = session.terminal and not said["yes"]
            if asked and not draft.event.get("event_id"):
                session.asker.event_id(draft)
            addition = drafting.compose(draft, session.tables, session.today)
            row, cast = addition.rows("events")[0], addition.rows("participants")
            if asked:
                session.asker.twins(row, cast, known)
            else:
                _refuse_twins(twins.find(row, cast, session.tables, known))
            session.append(addition)


@click.command()
@click.argument("event_id", required=False, shell_complete=_known("events", "event_id"))
@_PATH
@_options("claims", "sources")
@_common
def claim(path: str, event_id: str | None, **said: Any) -> None:
    """Append a claim, with its source, to the event EVENT_ID of the tables in PATH.

    Claims are numbered by the day on which they became public: a claim can come between others,
    whose numbers, and those of their amounts, then follow.
    """
    with _plain_errors():
        session = _Session(path, said)
        if said["scaffold"]:
            click.echo(drafts.scaffold(session.package, claims_only=True), nl=False)
            return
        if not event_id:
            raise click.UsageError("name the event: crink-events new claim EVENT_ID")
        draft = session.draft(claims_only=True)
        with session.kept(draft):
            session.ask(draft, lambda: session.asker.claims(draft), event_id)
            session.append(drafting.compose(draft, session.tables, session.today, event_id))


#: What the group `new` offers.
COMMANDS: dict[str, click.Command] = {"claim": claim, "event": event}


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the library raises into lines on standard error."""
    try:
        yield
    except DraftError as error:
        hint = ""
        if error.missing:
            hint = "\ngive what is missing as options, in a draft (--scaffold), or on a terminal"
        raise click.UsageError(f"{error}{hint}") from None
    except ContractError as error:
        raise click.ClickException(f"the contract cannot be read\n{error}") from None
    except (appending.NotCanonicalError, OSError) as error:
        raise click.ClickException(str(error)) from None


def on_terminal() -> bool:
    """Say whether somebody can be asked."""
    return sys.stdin.isatty()


class _Session:
    """What one call works with: the package, what was said, and whom to ask."""

    def __init__(self, path: str, said: dict[str, Any]) -> None:
        self.root = Path(path)
        if not (self.root / "datapackage.json").is_file():
            message = f'there is no datapackage.json in "{path}"; name the folder with it'
            raise click.UsageError(message)
        self.package: Package = read_contract(self.root)
        self.tables = Tables.read(self.package)
        self.said = said
        self.today = dt.date.today()
        self.as_json = said["form"] == "json"
        self.terminal = on_terminal()
        self.asker = asking.Asker(self.tables, err=self.as_json)
        self.asked = False

    def draft(self, claims_only: bool = False) -> Draft:
        """Put options and the file together."""
        draft, problems = Draft(), []
        file = self.said["file"]
        if file:
            data = Path(file).read_bytes()
            draft = drafts.read(data, Path(file).name, self.package, claims_only)
        parts = {table: self._part(table) for table in _PARTS}
        event = parts["events"]
        # In a draft from a file, only what an option says is named by it.
        draft.event.names = {
            key: flag for key, flag in event.names.items() if not file or key in event.values
        }
        draft.event.values |= event.values
        for flag, read, there in (
            ("participant", drafting.participant, draft.participants),
            ("link", drafting.link, draft.links),
        ):
            for text in self.said.get(f"{flag}s", ()):
                try:
                    there.append(Part(read(text), f'--{flag} "{text}",'))
                except ValueError as error:
                    problems.append(f'--{flag}: "{text}" {error}')
        pages = [
            Part({"url" if "://" in page else "source_id": page}, f'--also-in "{page}"')
            for page in self.said["also_in"]
        ]
        if parts["claims"].values or parts["sources"].values or pages or not draft.claims:
            draft.claims.append(Claim(parts["claims"], parts["sources"], pages))
        if problems:
            raise DraftError(problems)
        return draft

    def _part(self, table: str) -> Part:
        flags = {option.field: option.flag for option in _PARTS[table]}
        said = {name: self.said.get(f"{table}__{name}") for name in flags}
        return Part({name: text for name, text in said.items() if text is not None}, "", flags)

    def ask(self, draft: Draft, interview: Callable[[], None], event_id: str | None = None) -> None:
        """Ask for what is missing, if somebody is there; a fault is no matter for questions."""
        if not self.terminal:
            return
        try:
            drafting.compose(draft, self.tables, self.today, event_id)
        except DraftError as error:
            if error.problems:
                raise
            drafting.settle(draft, self.tables)
            self.asked = True
            interview()
        else:
            drafting.settle(draft, self.tables)

    @contextmanager
    def kept(self, draft: Draft) -> Iterator[None]:
        """Print what was typed if it comes to nothing, so that nobody must type it twice."""
        try:
            yield
        except (click.Abort, click.ClickException, DraftError, OSError):
            if self.asked:
                click.echo("\nWhat you typed, as a draft for --from:\n", err=True)
                click.echo(drafts.write(draft), err=True)
            raise

    def append(self, addition: Addition) -> None:
        """Show the new rows, check them, ask, write them, and say what was done."""
        changed = drafting.changed_rows(self.tables, addition)
        proposal = appending.propose(self.package, changed)
        if not self.as_json or self.terminal:
            for line in proposal.diff():
                click.echo(line, err=self.as_json)
        for note in addition.notes:
            click.echo(f"note: {note}", err=True)
        for issue in (*proposal.warnings, *proposal.errors):
            click.echo(self._told(issue, addition), err=True)
        if proposal.old_errors:
            many = f"{proposal.old_errors} error{'s' if proposal.old_errors > 1 else ''}"
            click.echo(f"note: {many} that the package had already, left alone", err=True)
        if proposal.errors:
            many = f"{len(proposal.errors)} error{'s' if len(proposal.errors) > 1 else ''}"
            raise click.ClickException(f"{many}; nothing is written; mend the above")
        write = not self.said["dry_run"]
        if write and self.terminal and not self.said["yes"] and not self.asker.confirm("Write?"):
            raise click.Abort
        if write:
            appending.write(self.root, proposal)
        self._report(addition, proposal, write)

    def _told(self, issue: Issue, addition: Addition) -> str:
        """Say an issue under the name of the option or key that it comes from."""
        for table in self.package.tables.values():
            if table.path == issue.file:
                part = addition.part(table.name, issue.key.split("/"), table.primary_key)
                if part is not None and issue.column:
                    return f"{part.name(issue.column)}: {issue}"
        return str(issue)

    def _report(self, addition: Addition, proposal: appending.Proposal, written: bool) -> None:
        rows = Counter(new.table for new in addition.added)
        if self.as_json:
            import json

            result = {
                "event_id": addition.event_id,
                "written": written,
                "files": list(proposal.after),
                "rows": dict(rows),
                "renumbered": {str(old): new for old, new in addition.renumbered.items()},
                "warnings": [str(issue) for issue in proposal.warnings],
            }
            click.echo(json.dumps(result, ensure_ascii=False, indent=2))
            return
        counts = ", ".join(f"{count} in {table}" for table, count in rows.items())
        total = sum(rows.values())
        many = f"{total} row{'s' if total > 1 else ''} ({counts})"
        if not written:
            click.echo(f"{many} would be new; nothing is written")
            return
        click.echo(f"{addition.event_id}: {many} written")
        click.echo(f"next: crink-events build, then crink-events show {addition.event_id}")


def _apart(tables: Tables, said: Sequence[str], draft: Draft) -> set[str]:
    """Name the events that the curator knows to be others: said so, or linked."""
    known = tables.ids("events")
    for name in said:
        if name not in known:
            hint = nearest(name, known) or "see `crink-events list`"
            raise click.UsageError(f'--not-twin: there is no event "{name}"; {hint}')
    linked = (part.get(end) for part in draft.links for end in ("from_event", "to_event"))
    return {*said, *filter(None, linked)}


def _refuse_twins(found: Sequence[twins.Twin]) -> None:
    if not found:
        return
    for line in asking.told(found):
        click.echo(line, err=True)
    names = [twin.event["event_id"] for twin in found]
    apart = " ".join(f"--not-twin {name}" for name in names)
    raise click.ClickException(
        f"nothing is written; if it is the same act: crink-events new claim {names[0]}; if it is"
        f" another: {apart}"
    )
