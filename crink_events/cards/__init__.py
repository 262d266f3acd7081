"""One event with all that is known of it, as data, as text for a terminal, and as HTML."""

from __future__ import annotations

from crink_events.cards.card import Card
from crink_events.cards.gathering import event
from crink_events.frames import UnknownEventError

__all__ = ["Card", "UnknownEventError", "event"]
