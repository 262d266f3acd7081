"""What several commands share: options, how results are written, and errors without a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import pandas as pd

_Command = TypeVar("_Command", bound=Callable[..., Any])

EXTRA = click.option(
    "--extra",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="Folder of a private extension to show beside the release; may be repeated.",
)
AS_OF = click.option(
    "--as-of", metavar="DAY", help="Only what was publicly known on that day, YYYY-MM-DD."
)


def format_option(*choices: str) -> Callable[[_Command], _Command]:
    """Give a command the option ``--format``; text is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default="text",
        show_default=True,
        help="How the result is written.",
    )


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the library raises and warns of into lines on standard error."""
    import warnings

    from crink_events.loading import DataError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        except (DataError, ImportError) as error:
            raise click.ClickException(str(error)) from None
        finally:
            for warning in caught:
                click.echo(f"Warning: {warning.message}", err=True)


def written(frame: pd.DataFrame, form: str, lines: Callable[[], Iterable[str]]) -> str:
    """Write a frame as JSON or CSV, or else the lines that say it in words."""
    if form == "json":
        return json_text(frame) + "\n"
    if form == "csv":
        text: str = flat(frame).to_csv(index=False, lineterminator="\n")
        return text
    return "".join(f"{line}\n" for line in lines())


def json_text(frame: pd.DataFrame) -> str:
    """Write a frame as a list of records."""
    text: str = frame.to_json(orient="records", date_format="iso", force_ascii=False, indent=2)
    return text


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Give lists as text, for formats that have none."""
    out = frame.copy()
    for name in out.columns:
        if out[name].dtype == object:
            out[name] = out[name].map(";".join)
    return out
