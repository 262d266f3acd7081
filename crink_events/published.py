"""The published package inside the installed one: the CSV files and schemas as people edit them.

A build writes them as one archive beside the Parquet files, so that another group's rows can be
checked against the published contract and the published keys without a checkout. The same files
give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crink_events.contract import Package

#: Folder of the compiled data, beside this module.
DATA = Path(__file__).with_name("_data")
#: Name of the archive in it.
ARCHIVE = "package.zip"


class PublishedError(RuntimeError):
    """The archive is missing or damaged; the message says what to do."""


def pack(package: Package) -> bytes:
    """Put every file of a package into one archive.

    Parameters
    ----------
    package
        The contract, which names the files and knows their folder.

    Returns
    -------
    bytes
        A ZIP archive: names sorted, every time stamp and system mark the same, deflated.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(package.files()):
            # The earliest day that the format has; the day of the build would change the bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            data = (package.root / name).read_bytes()
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=9)
    return out.getvalue()


def read(data: Path | None = None) -> bytes:
    """Read the archive, after checking its hash against the one in ``manifest.json``.

    Parameters
    ----------
    data
        Folder of the compiled data; missing means that of the installed package.

    Raises
    ------
    PublishedError
        If the archive is missing or is not the one that the build wrote.
    """
    folder = data or DATA
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        wanted = manifest["archive"]["sha256"]
        archive = (folder / ARCHIVE).read_bytes()
    except (OSError, ValueError, KeyError, TypeError):
        message = "the published package is missing; run `crink-events build` in a checkout"
        raise PublishedError(f"{message}, or reinstall crink-events") from None
    if hashlib.sha256(archive).hexdigest() != wanted:
        message = f"{ARCHIVE} is damaged: its SHA-256 is not the one in manifest.json"
        raise PublishedError(f"{message}; reinstall crink-events")
    return archive


@contextmanager
def unpacked(data: Path | None = None) -> Iterator[Path]:
    """Unpack the published package into a folder that is gone afterwards.

    Parameters
    ----------
    data
        Folder of the compiled data; missing means that of the installed package.

    Raises
    ------
    PublishedError
        If the archive is missing or is not the one that the build wrote.

    Examples
    --------
    >>> with unpacked() as folder:
    ...     (folder / "datapackage.json").is_file()
    True
    """
    archive = read(data)
    with tempfile.TemporaryDirectory(prefix="crink-events-") as folder:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            opened.extractall(folder)
        yield Path(folder)
