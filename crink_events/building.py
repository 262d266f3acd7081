"""Valid tables to Parquet: every table, the wide events, the spreads, and a manifest.

The package itself goes along as an archive, for those who check their own rows against it. The
same data give the same bytes with the same version of pyarrow. A build that fails leaves the last
good one: everything is written to a new folder that takes the old one's place at the end.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crink_events import evidence, published
from crink_events.contract import Package, Table
from crink_events.descriptors import read_contract
from crink_events.reading import Typed
from crink_events.report import Report
from crink_events.validation import read_package, validate

if TYPE_CHECKING:
    from crink_events.contract import Value

MANIFEST = "manifest.json"
#: Rows a row group; far above the size of the tables, so that each file has one.
_ROW_GROUP = 1 << 20


class InvalidDataError(Exception):
    """The package is not valid; ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.to_text())
        self.report = report


def build(
    root: Path | str, out: Path | str, layers: Sequence[str] = ("contract", "rules")
) -> dict[str, Any]:
    """Validate a package and compile it.

    Parameters
    ----------
    root
        Folder with ``datapackage.json``.
    out
        Folder to write; replaced as a whole if it is there.
    layers
        Layers of the validation (see :func:`crink_events.validation.validate`).

    Returns
    -------
    dict
        The manifest: version, contract fingerprint, rows, bytes and SHA-256 of each file, and
        bytes and SHA-256 of the archive of the package.

    Raises
    ------
    InvalidDataError
        If the package has an error. Nothing is written then.
    FileExistsError
        If ``out`` is there and is no build: it is not overwritten.
    """
    out = Path(out).absolute()
    _refuse_foreign(out)
    report = validate(root, layers)
    if not report.valid:
        raise InvalidDataError(report)
    package = read_contract(root)
    tables, _ = read_package(package)
    arrow = dict(compile_tables(package, tables))
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        manifest = _write(package, arrow, folder)
        folder.chmod(0o755)
        _replace(folder, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _refuse_foreign(out: Path) -> None:
    """Keep from replacing a folder that no build has written."""
    if out.exists() and not (out / MANIFEST).is_file() and (out.is_file() or any(out.iterdir())):
        raise FileExistsError(f'"{out}" is not a build, and is left as it is')


def _replace(new: Path, out: Path) -> None:
    """Put a folder in the place of another; a reader sees the old one or the new one."""
    if not out.exists():
        new.replace(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.replace(old / out.name)
    try:
        new.replace(out)
    except OSError:
        (old / out.name).replace(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def compile_tables(package: Package, tables: Mapping[str, Typed]) -> Iterator[tuple[str, pa.Table]]:
    """Give the Arrow tables of a build: ``events`` wide, every other table as it is, spreads.

    Parameters
    ----------
    package, tables
        The contract and the typed tables of a package without errors.
    """
    frames = {name: typed.frame() for name, typed in tables.items()}
    derived = evidence.derive(frames)
    for name, typed in tables.items():
        table = package.tables[name]
        columns: dict[str, list[Any]] = dict(typed.columns)
        if name == "events":
            wide = derived.reindex(frames["events"]["event_id"])
            columns |= {field.name: _values(wide[field.name]) for field in evidence.DERIVED}
            table = table._replace(fields=(*table.fields, *evidence.DERIVED))
            columns = _by_day(columns)
        yield name, _arrow(package, table, columns)
    spread = evidence.spreads(frames)
    columns = {name: _values(spread[name]) for name in evidence.SPREADS.field_names}
    yield evidence.SPREADS.name, _arrow(package, evidence.SPREADS, columns)


def _by_day(columns: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Put events into the order of a timeline, so that no load has to sort them."""
    keys = list(zip(columns["start_date"], columns["event_id"], strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return {name: [values[row] for row in order] for name, values in columns.items()}


def _values(series: pd.Series) -> list[Value | None]:
    """Give Python values, None for missing ones."""
    return [
        None if not isinstance(value, list) and pd.isna(value) else _plain(value)
        for value in series.tolist()
    ]


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value


def _arrow(package: Package, table: Table, columns: Mapping[str, list[Any]]) -> pa.Table:
    schema = table.arrow_schema()
    arrays = []
    for field, arrow in zip(table.fields, schema, strict=True):
        values = columns[field.name]
        if field.type == "list":
            values = [value or [] for value in values]
        if field.enum is not None:
            # The whole vocabulary in its order, whatever the data use of it.
            place = {code: number for number, code in enumerate(field.enum)}
            codes = pa.array([None if v is None else place[v] for v in values], pa.int16())
            arrays.append(pa.DictionaryArray.from_arrays(codes, pa.array(field.enum, pa.string())))
        else:
            arrays.append(pa.array(values, arrow.type))
    metadata = {
        **schema.metadata,
        "package": package.name,
        "version": package.version,
        "licence": package.licence,
        "contract": package.fingerprint(),
    }
    return pa.Table.from_arrays(arrays, schema=schema.with_metadata(metadata))


def _write(package: Package, tables: Mapping[str, pa.Table], folder: Path) -> dict[str, Any]:
    files = {}
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        pq.write_table(
            table,
            path,
            compression="zstd",
            version="2.6",
            row_group_size=_ROW_GROUP,
            use_dictionary=True,
            write_statistics=True,
        )
        data = path.read_bytes()
        files[path.name] = {
            "table": name,
            "rows": table.num_rows,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    archive = published.pack(package)
    (folder / published.ARCHIVE).write_bytes(archive)
    manifest = {
        "package": package.name,
        "title": package.title,
        "description": package.description,
        "version": package.version,
        "licence": package.licence,
        "contract": package.fingerprint(),
        "pyarrow": pa.__version__,
        "files": files,
        "archive": {"bytes": len(archive), "sha256": hashlib.sha256(archive).hexdigest()},
        "inputs": dict(_hashes(package)),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return manifest


def _hashes(package: Package) -> Iterator[tuple[str, str]]:
    for name in package.files():
        yield name, hashlib.sha256((package.root / name).read_bytes()).hexdigest()


def describe(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Say what a build holds, a line a file."""
    for name, entry in manifest["files"].items():
        yield f"{name:24} {entry['rows']:>7,} rows {entry['bytes']:>9,} bytes"
    yield f"{published.ARCHIVE:24} {manifest['archive']['bytes']:>22,} bytes"
