"""The folder of an extension: its `datapackage.json`, its files, and their canonical form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crink_events import formatting, places, published
from crink_events.contract import Package
from crink_events.descriptors import (
    CONTRIBUTOR_KEYS,
    PACKAGE_KEYS,
    PACKAGE_NAME,
    PACKAGE_PROFILE,
    VERSION,
    ContractError,
    Document,
    read_contract,
    read_created,
    read_licence,
    stays_inside,
)
from crink_events.kinds import Kind
from crink_events.report import Issue, nearest

#: Kinds of issue that only an extension can have, by id.
KINDS: dict[str, Kind] = {
    "extension-version": Kind(
        "Rows are checked against the release that is installed, not against the one that they"
        " were written for.",
        '"version": "0.1.0" beside an installed 0.2.0',
        '"version": "0.2.0"',
    ),
    "extension-file": Kind(
        "Rows of a file that no resource names would be silently left out.",
        "data/links.csv, and no resource that names it",
        '{ "name": "links", "path": "data/links.csv" }',
    ),
    "extension-scope": Kind(
        "The edited form of a published event is the release's; an extension disagrees by a claim"
        " of its own.",
        "a participant of a published event",
        "a claim about `participants` of a published event",
    ),
}

#: Tables that belong to the codebook and its trial: no extension has rows of them.
CLOSED = ("codes", "codings")

_INDEX = (
    (PACKAGE_KEYS[0] - {"$schema"}) | {"extends"},
    PACKAGE_KEYS[1] | {"$schema"},
)
_EXTENDS = ({"name", "version"}, set[str]())
_RESOURCE = ({"name", "path"}, set[str]())


@dataclass(frozen=True)
class Extension:
    """A private extension as its folder gives it; its rows are not judged yet.

    Attributes
    ----------
    root
        The folder.
    name, title, version, licence, created
        What its ``datapackage.json`` says of itself; ``licence`` is empty where it names none.
    extends
        The published version that it was written for.
    files
        The bytes of its CSV files by table.
    """

    root: Path
    name: str
    title: str
    version: str
    licence: str
    created: dt.date
    extends: str
    files: Mapping[str, bytes]


def read_extension(
    root: Path | str, data: Path | None = None
) -> tuple[Extension | None, list[Issue]]:
    """Read ``datapackage.json`` of an extension and the files that it names.

    Parameters
    ----------
    root
        Folder of the extension.
    data
        Folder of the compiled data; missing means that of the installed package.

    Returns
    -------
    tuple
        The extension, or None where an error keeps it from being read; and all that is wrong with
        ``datapackage.json`` and the files as files, each with its line and character. A
        published version other than the installed one is a warning, as is a CSV file that no
        resource names.
    """
    try:
        with published.unpacked(data) as folder:
            package = read_contract(folder)
    except published.PublishedError as error:
        return None, [Issue("datapackage.json", 0, "", "package-error", str(error))]
    root = Path(root)
    issues: list[Issue] = []
    index = Document(root, "datapackage.json", issues)
    if not index.readable:
        return None, issues
    value = index.object(index.value, (), _INDEX, "the extension")
    texts = dict.fromkeys(("name", "title", "description", "version"), "")
    for key in texts.keys() & value.keys():
        texts[key] = index.text(value[key], (key,), f'"{key}"')
    _names(index, value, texts, package)
    created = read_created(index, value.get("created", ""))
    licence = read_licence(index, value.get("licenses", []))
    extends = _extends(index, value.get("extends", {}), package)
    files = dict(_files(index, root, value, package))
    if any(issue.severity == "error" for issue in issues):
        return None, sorted(set(issues))
    _unnamed(index, root, files, package)
    extension = Extension(
        root=root,
        name=texts["name"],
        title=texts["title"],
        version=texts["version"],
        licence=licence,
        created=created,
        extends=extends,
        files=files,
    )
    return extension, sorted(set(issues))


def _names(
    index: Document, value: Mapping[str, Any], texts: Mapping[str, str], package: Package
) -> None:
    index.expect(value, (), "$schema", PACKAGE_PROFILE)
    hint = "use small letters, digits, points and hyphens"
    if texts["name"] and not PACKAGE_NAME.fullmatch(texts["name"]):
        index.wrong(("name",), f'"{texts["name"]}" is no package name', hint)
    if texts["name"] == package.name:
        message = f'"{texts["name"]}" is the published package'
        index.wrong(("name",), message, "give the extension a name of its own")
    if texts["version"] and not VERSION.fullmatch(texts["version"]):
        index.wrong(("version",), f'"{texts["version"]}" is no version', "write MAJOR.MINOR.PATCH")
    for number, entry in enumerate(
        index.array(value.get("contributors", []), ("contributors",), '"contributors"')
    ):
        index.object(entry, ("contributors", number), CONTRIBUTOR_KEYS, "a contributor")


def _extends(index: Document, value: Any, package: Package) -> str:
    entry = index.object(value, ("extends",), _EXTENDS, '"extends"')
    index.expect(entry, ("extends",), "name", package.name)
    if "version" not in entry:
        return ""
    at: places.Pointer = ("extends", "version")
    version = index.text(entry["version"], at, '"version"')
    if version and not VERSION.fullmatch(version):
        index.wrong(at, f'"{version}" is no version', "write MAJOR.MINOR.PATCH")
    elif version and version != package.version:
        mine, theirs = (
            [int(part) for part in re.findall(r"\d+", text)] for text in (version, package.version)
        )
        age = "newer" if theirs > mine else "older"
        message = f"written for {package.name} {version}; the installed {package.version} is {age}"
        hint = f"install {version}, or check the rows and write {package.version}"
        _warn(index, at, "extension-version", message, hint)
    return version


def _warn(index: Document, at: places.Pointer, rule: str, message: str, hint: str) -> None:
    line, column = places.nearest_place(index._places, at)
    index.issues.append(
        Issue(index.name, line, str(column), rule, message, severity="warning", hint=hint)
    )


def _files(
    index: Document, root: Path, value: Mapping[str, Any], package: Package
) -> Iterator[tuple[str, bytes]]:
    """Read the files that the resources name."""
    known = [name for name in package.tables if name not in CLOSED]
    resources = index.array(value.get("resources", []), ("resources",), '"resources"')
    if isinstance(value.get("resources"), list) and not resources:
        index.wrong(("resources",), "the extension has no resource", "name the tables it adds to")
    seen: set[str] = set()
    for number, resource in enumerate(resources):
        at: places.Pointer = ("resources", number)
        entry = index.object(resource, at, _RESOURCE, "the resource")
        texts = dict.fromkeys(("name", "path"), "")
        for key in texts.keys() & entry.keys():
            texts[key] = index.text(entry[key], (*at, key), f'"{key}"')
        name, path = texts["name"], texts["path"]
        if path and not stays_inside(path):
            index.wrong((*at, "path"), f'"{path}" leaves the extension', "use a relative path")
        elif name in CLOSED:
            message = f'"{name}" is the published package\'s alone'
            index.wrong((*at, "name"), message, "use the published rows")
        elif name and name not in known:
            hint = nearest(name, known) or f"the tables are {', '.join(known)}"
            index.wrong((*at, "name"), f'there is no table "{name}"', hint)
        elif name and path and path != package.tables[name].path:
            wanted = package.tables[name].path
            index.wrong((*at, "path"), f'"{path}" is not the file of "{name}"', f'use "{wanted}"')
        elif path in seen:
            index.wrong((*at, "name"), f'two resources are called "{name}"', "keep one")
        elif name and path:
            try:
                yield name, (root / path).read_bytes()
            except OSError as error:
                reason = error.strerror or type(error).__name__
                index.wrong((*at, "path"), f'"{path}" cannot be read: {reason}', "add the file")
        seen.add(path)


def _unnamed(index: Document, root: Path, files: Mapping[str, bytes], package: Package) -> None:
    named = {package.tables[name].path for name in files}
    for file in sorted((root / "data").glob("*.csv")):
        if f"data/{file.name}" not in named:
            message = f'no resource names "data/{file.name}"; its rows are not read'
            _warn(index, ("resources",), "extension-file", message, "name it, or take it away")


@contextmanager
def alone(extension: Extension, data: Path | None) -> Iterator[Package]:
    """Give the published package with the extension's files in the place of its own."""
    with published.unpacked(data) as folder:
        package = read_contract(folder)
        for name, content in extension.files.items():
            (folder / package.tables[name].path).write_bytes(content)
        yield package


def changes(
    root: Path | str, data: Path | None = None
) -> tuple[list[formatting.Change], list[Issue]]:
    """Compare every file of an extension with its canonical form.

    Parameters
    ----------
    root
        Folder of the extension.
    data
        Folder of the compiled data; missing means that of the installed package.

    Returns
    -------
    tuple
        As :func:`crink_events.formatting.changes` gives it.

    Raises
    ------
    ContractError
        If ``datapackage.json`` of the extension cannot be used.
    """
    extension, issues = read_extension(root, data)
    if extension is None:
        raise ContractError(issues)
    with alone(extension, data) as package:
        found, hindrances = formatting.changes(package.root)
        files = {package.tables[name].path for name in extension.files}
    return (
        [change for change in found if change.file in files],
        [issue for issue in hindrances if issue.file in files],
    )
