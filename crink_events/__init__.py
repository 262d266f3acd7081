"""What China, Russia, Iran and North Korea do with, for and against each other.

>>> import crink_events as ce
>>> events = ce.load_events(dyad="PRK-RUS", since="2022-02-24")
>>> claims = ce.load("claims")

Importing the package costs next to nothing: pandas and pyarrow are loaded on first use.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing.TYPE_CHECKING, without the cost of importing typing
if TYPE_CHECKING:
    from crink_events.cards import event as event
    from crink_events.citing import bibliography as bibliography
    from crink_events.citing import cite as cite
    from crink_events.figures import quantities as quantities
    from crink_events.figures import total as total
    from crink_events.ledger import coverage as coverage
    from crink_events.loading import codebook as codebook
    from crink_events.loading import load as load
    from crink_events.loading import load_events as load_events
    from crink_events.loading import tables as tables
    from crink_events.networks import network as network
    from crink_events.panels import panel as panel
    from crink_events.timelines import timeline as timeline
    from crink_events.votes import covoting as covoting

    __version__: str

#: The public names, and the module that each lives in.
_HOME = {
    "bibliography": "citing",
    "cite": "citing",
    "codebook": "loading",
    "coverage": "ledger",
    "covoting": "votes",
    "event": "cards",
    "load": "loading",
    "load_events": "loading",
    "network": "networks",
    "panel": "panels",
    "quantities": "figures",
    "tables": "loading",
    "timeline": "timelines",
    "total": "figures",
}

__all__ = [
    "__version__",
    "bibliography",
    "cite",
    "codebook",
    "coverage",
    "covoting",
    "event",
    "load",
    "load_events",
    "network",
    "panel",
    "quantities",
    "tables",
    "timeline",
    "total",
]


def __getattr__(name: str) -> object:
    """Resolve the public names on first use (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("crink-events")
    if name in _HOME:
        from importlib import import_module

        value = getattr(import_module(f"crink_events.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
