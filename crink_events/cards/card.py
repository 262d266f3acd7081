"""What a card holds; its faces are made where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Card:
    """One event with all that is known of it; ``print`` it, or let a notebook show it.

    Days are ISO texts, blanks are None, lists are lists.

    Attributes
    ----------
    event_id, title
        The event. The edited columns stand as in the release, whatever ``as_of``.
    when, where
        Time and place in words that carry how exactly they are known.
    evidence, acknowledged_by, denied_by
        How well the event is established, and which sides assert or deny it.
    asserted_by
        Everyone whose newest word is that it happened, by name, in the order in which they first
        said so; of press reports, the publisher.
    as_of
        The day as of which the card was made; None for all that the release knows.
    event
        The row of the event, with the derived columns.
    participants
        Rows of ``participants``, each with the ``name`` of its actor and the names of ``via``.
    claims
        Rows of ``claims`` in order of publication, each with the ``claimant`` by name, its
        ``quantities`` and its ``sources`` (with ``url``, ``title``, ``publisher``).
    amounts
        Figures side by side: one entry an item and unit, with the figures of each claimant in
        order of publication.
    links
        Links from and to the event: ``relation`` in words, read from this event, and
        ``event_id``, ``title`` of the other.
    history
        The days on which the evidence changed: ``day``, ``evidence``, ``acknowledged_by``,
        ``denied_by``, ``n_origins``, and ``said``, the claims of that day that count for it.
    """

    event_id: str
    title: str
    when: str
    where: str
    evidence: str | None
    acknowledged_by: list[str]
    denied_by: list[str]
    asserted_by: list[str]
    as_of: str | None
    event: Row
    participants: list[Row]
    claims: list[Row]
    amounts: list[Row]
    links: list[Row]
    history: list[Row]

    def to_dict(self) -> dict[str, Any]:
        """Give all of the card as plain lists and dictionaries, which JSON can hold."""
        names = ("as_of", "when", "where", "event", "participants", "asserted_by", "claims")
        return {name: getattr(self, name) for name in (*names, "amounts", "links", "history")}

    def __repr__(self) -> str:
        until = f" as of {self.as_of}" if self.as_of else ""
        return f"<Card {self.event_id}: {self.evidence or 'no evidence'}{until}>"

    def __str__(self) -> str:
        from crink_events.cards.text import text

        return text(self)

    def _repr_html_(self) -> str:
        from crink_events.cards.html import html

        return html(self)
