"""Optional libraries: imported where they are used, and named with what installs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def need(module: str, extra: str) -> Any:
    """Import an optional module.

    Parameters
    ----------
    module
        Name of the module, such as ``"citeproc"``.
    extra
        The extra of ``crink-events`` that brings it.

    Raises
    ------
    ImportError
        If it is not installed; the message has the command that installs it.

    Examples
    --------
    >>> from crink_events.extras import need
    >>> need("json", "none").dumps([1])
    '[1]'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        name = module.partition(".")[0]
        # A module that is there but lacks one of its own is another fault, and says so itself.
        if not error.name or error.name.partition(".")[0] != name:
            raise
        command = f'pip install "crink-events[{extra}]"'
        raise ImportError(f"this needs {name}, which is not installed: {command}") from None
