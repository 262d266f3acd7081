"""Extensions and the published package as one: typed rows for other code, Arrow for the loader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crink_events import formatting
from crink_events.contract import Package
from crink_events.descriptors import read_index
from crink_events.extensions.folder import Extension, read_extension
from crink_events.extensions.verdict import InvalidExtensionError, checked
from crink_events.reading import Typed
from crink_events.report import Issue, Report, merge
from crink_events.validation import read_package

if TYPE_CHECKING:
    import pyarrow as pa


class Merged(NamedTuple):
    """The published rows and those of extensions as one.

    Attributes
    ----------
    package
        The published contract. Its files are gone; only the tables speak.
    tables
        Every table with the rows of all, sorted by key.
    extensions
        The extensions, in the order in which they were named.
    origins
        By table, the name of the extension of each row that is not published, by its key.
    warnings
        What is odd about the extensions without making them invalid.
    """

    package: Package
    tables: dict[str, Typed]
    extensions: tuple[Extension, ...]
    origins: dict[str, dict[tuple[Any, ...], str]]
    warnings: tuple[Issue, ...]


class Compiled(NamedTuple):
    """The tables of a build with the rows of extensions.

    Attributes
    ----------
    tables
        Arrow tables by name, with the derived columns, and ``package`` as the last column.
    versions
        The extensions by name, with their versions.
    warnings
        As in :class:`Merged`.
    """

    tables: dict[str, pa.Table]
    versions: dict[str, str]
    warnings: tuple[Issue, ...]


def merged_tables(roots: Path | str | Sequence[Path | str], data: Path | None = None) -> Merged:
    """Read extensions and the published package as one.

    Parameters
    ----------
    roots
        Folder of an extension, or several.
    data
        Folder of the compiled data; missing means that of the installed package.

    Returns
    -------
    Merged
        The published contract, and every table with the rows of all, sorted by key.

    Raises
    ------
    ValueError
        If a folder is no extension.
    InvalidExtensionError
        If an extension is not valid, alone or with the others; ``report`` says why.
    """
    folders = [Path(roots)] if isinstance(roots, (Path, str)) else [Path(root) for root in roots]
    extensions: list[Extension] = []
    issues: list[Issue] = []
    for root in folders:
        _refuse_other(root)
        extension, found = read_extension(root, data)
        prefix = f"{root.name}/" if len(folders) > 1 else ""
        issues += [issue._replace(file=prefix + issue.file) for issue in found]
        if extension is not None:
            extensions.append(extension)
    if len(extensions) < len(folders):
        raise InvalidExtensionError(Report(merge(issues), {}, ("contract",)))
    names = [extension.name for extension in extensions]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f'two extensions are called "{name}"; give each a name of its own')
    with checked(extensions, ("contract", "rules"), None, data) as (package, report, owns):
        if not report.valid:
            raise InvalidExtensionError(report)
        # The rows of extensions stand behind the others until here.
        for change in formatting.changes(package.root)[0]:
            formatting.write(package.root, change)
        tables, _ = read_package(package)
    origins: dict[str, dict[tuple[Any, ...], str]] = {}
    for own in owns:
        for name, cells in own.cells.items():
            table = cells.table
            fields = [table.field(field) for field in table.primary_key]
            for _, texts in own.rows(name, *table.primary_key):
                key = tuple(f.parse(text) for f, text in zip(fields, texts, strict=True))
                origins.setdefault(name, {})[key] = own.extension.name
    return Merged(package, tables, tuple(extensions), origins, tuple(issues))


def _refuse_other(root: Path) -> None:
    """Keep from reading a folder that is something else; what is broken is reported later."""
    try:
        index = read_index(root)
    except OSError:
        raise ValueError(f'there is no datapackage.json in "{root}"') from None
    except ValueError:
        return
    if not isinstance(index, dict) or "extends" not in index:
        message = f'"{root}" is no extension: its datapackage.json does not say what it "extends"'
        raise ValueError(message)


def compiled(roots: Sequence[Path | str], data: Path | None = None) -> Compiled:
    """Compile extensions and the published package as one.

    Parameters
    ----------
    roots, data
        As in :func:`merged_tables`.

    Returns
    -------
    Compiled
        The tables of a build, each with a last column ``package``: the name of the package that
        a row comes from. A row of ``spreads`` comes from an extension if one of its figures does.

    Raises
    ------
    ValueError
        If a folder is no extension.
    InvalidExtensionError
        If an extension is not valid, alone or with the others; ``report`` says why.
    """
    import pyarrow as pa

    from crink_events import building

    merged = merged_tables(roots, data)
    versions = {extension.name: extension.version for extension in merged.extensions}
    names = [merged.package.name, *versions]
    origins = dict(merged.origins)
    tables: dict[str, pa.Table] = {}
    # The figures come before what is made of them.
    for name, table in building.compile_tables(merged.package, merged.tables):
        key = json.loads(table.schema.metadata[b"primary_key"])
        columns = [table[field].to_pylist() for field in key]
        if name == "spreads":
            figures = tables["quantities"].select([*key, "package"]).to_pylist()
            origins[name] = {
                tuple(figure[field] for field in key): figure["package"]
                for figure in figures
                if figure["package"] != names[0]
            }
        own = origins.get(name, {})
        codes = [names.index(own.get(values, names[0])) for values in zip(*columns, strict=True)]
        tables[name] = table.append_column(
            "package", pa.DictionaryArray.from_arrays(pa.array(codes, pa.int16()), pa.array(names))
        )
    return Compiled(tables, versions, merged.warnings)
