"""Private extensions: a group's own rows beside the published ones, held to the same contract.

An extension is a folder with a ``datapackage.json`` that says what it extends, and CSV files with
the published headers that hold its own rows alone. ``folder`` reads it, ``verdict`` checks it
together with the published rows, ``merging`` gives both as one.
"""

from crink_events.descriptors import is_extension
from crink_events.extensions.folder import (
    KINDS,
    Extension,
    changes,
    read_extension,
)
from crink_events.extensions.merging import Compiled, Merged, compiled, merged_tables
from crink_events.extensions.verdict import InvalidExtensionError, validate_extension

__all__ = [
    "KINDS",
    "Compiled",
    "Extension",
    "InvalidExtensionError",
    "Merged",
    "changes",
    "compiled",
    "is_extension",
    "merged_tables",
    "read_extension",
    "validate_extension",
]
