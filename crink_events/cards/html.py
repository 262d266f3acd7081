"""The face of a card in a notebook: one HTML fragment with its own light style.

Every text is escaped, and only addresses that begin with http:// or https:// become links. Colours
are laid over the page's own, so that the card is readable on light and on dark ground.
"""

from __future__ import annotations

import html as _html
from collections.abc import Iterable, Iterator

from crink_events import wording
from crink_events.cards.card import Card, Row
from crink_events.cards.text import (
    as_of_note,
    figure_in_words,
    named,
    public_in_words,
    who,
)

_STYLE = """<style>
.crink-card{max-width:62rem;font-size:.9rem;line-height:1.45;padding:.8rem 1.1rem;\
border:1px solid rgba(128,128,128,.35);border-radius:6px}
.crink-card .t{font-size:1.15rem;font-weight:600}
.crink-card .h{font-weight:600;margin:.9rem 0 .25rem;border-bottom:1px solid rgba(128,128,128,.35)}
.crink-card table{border-collapse:collapse;margin:0;width:100%;font-size:inherit}
.crink-card td,.crink-card th{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0;\
border:0;background:none;white-space:normal;font-weight:400}
.crink-card th{white-space:nowrap;opacity:.7;width:1%}
.crink-card td.d{white-space:nowrap;width:1%;font-variant-numeric:tabular-nums}
.crink-card tr.c+tr td,.crink-card tr.c+tr th{border-top:0}
.crink-card tr+tr.c td,.crink-card tr+tr.c th{border-top:1px solid rgba(128,128,128,.18)}
.crink-card .n{opacity:.8}
.crink-card .s{font-size:.85em}
.crink-card .p{border-radius:3px;padding:.05rem .35rem;white-space:nowrap;\
background:rgba(128,128,128,.18)}
.crink-card .yes{background:rgba(40,150,80,.25)}
.crink-card .no{background:rgba(210,60,50,.25)}
.crink-card .may{background:rgba(220,160,30,.28)}
</style>"""

#: How a stance or a rung of the ladder is coloured; the words say the same without colour.
_TINT = {
    "asserts": "yes",
    "announces": "may",
    "denies": "no",
    "retracts": "no",
    "acknowledged": "yes",
    "partly_acknowledged": "yes",
    "contested": "no",
    "retracted": "no",
}


def html(card: Card) -> str:
    """Write a card as an HTML fragment.

    Parameters
    ----------
    card
        What :func:`crink_events.event` gives.

    Examples
    --------
    >>> import crink_events as ce
    >>> html(ce.event("rus-prk-treaty-signed")).count("<table>") >= 3
    True
    """
    return "\n".join([_STYLE, '<div class="crink-card">', *_parts(card), "</div>"])


def _parts(card: Card) -> Iterator[str]:
    event = card.event
    yield f'<div class="t">{_text(card.title)}</div>'
    if event["record_status"] != "active":
        into = f" into {event['merged_into']}" if event["merged_into"] else ""
        yield f"<div><b>This record was {_text(event['record_status'])}{_text(into)}.</b></div>"
    yield f"<div>{_text(event['summary'])}</div>"
    codes = (event[name] for name in ("act", "domain", "valence", "status"))
    act, domain, valence, status = map(wording.plain, codes)
    sides = _sides(card.acknowledged_by, card.denied_by)
    facts = [
        ("when", _text(card.when)),
        ("where", _text(card.where)),
        ("what", _text(f"{act}, {domain}; {valence}; {status}")),
        *((wording.plain(part["role"]), _text(who(part))) for part in card.participants),
        ("evidence", f"{_rung(card.evidence)} {_text(sides)}"),
        ("asserted by", _text(", ".join(card.asserted_by))),
        ("public", _text(public_in_words(card))),
        ("note", _text(event["note"] or "")),
    ]
    rows = (f"<tr><th>{_text(name)}</th><td>{value}</td></tr>" for name, value in facts if value)
    yield from _table(rows)
    if card.as_of:
        yield f'<div class="n">{_text(as_of_note(card))}</div>'
    if card.history:
        yield '<div class="h">How sure, over time</div>'
        yield from _table(map(_step, card.history))
    if card.amounts:
        yield '<div class="h">Amounts, by claimant</div>'
        yield from _table(_amounts(card.amounts))
    yield f'<div class="h">Claims, in order of publication ({len(card.claims)})</div>'
    yield from _table(map(_claim, card.claims))
    if card.links:
        yield '<div class="h">Links to other events</div>'
        yield from _table(map(_link, card.links))
    yield f'<div class="n s">{_text(card.event_id)}</div>'


def _table(rows: Iterable[str]) -> Iterator[str]:
    yield "<table>"
    yield from rows
    yield "</table>"


def _text(value: object) -> str:
    return _html.escape(str(value), quote=True)


def _pill(code: str) -> str:
    return f'<span class="p {_TINT.get(code, "")}">{_text(wording.plain(code))}</span>'


def _rung(evidence: str | None) -> str:
    return _pill(evidence or "not established")


def _sides(yes: list[str], no: list[str]) -> str:
    said = [("acknowledged by", yes), ("denied by", no)]
    return ", ".join(f"{what} {', '.join(names)}" for what, names in said if names)


def _step(row: Row) -> str:
    said = ", ".join(f"{claim['claimant']} {claim['stance']}" for claim in row["said"])
    sides = _text(_sides(row["acknowledged_by"], row["denied_by"]))
    return (
        f'<tr><td class="d">{_text(wording.day(row["day"]))}</td>'
        f'<td class="d">{_rung(row["evidence"])}</td>'
        f'<td>{sides}</td><td class="n">{_text(said)}</td></tr>'
    )


def _amounts(amounts: list[Row]) -> Iterator[str]:
    for item in amounts:
        head = _text(wording.plain(item["item"]))
        for by in item["claimants"]:
            figures = "; ".join(figure_in_words(one) for one in by["figures"])
            first = ' class="c"' if head else ""
            yield (
                f"<tr{first}><th>{head}</th><td>{_text(by['claimant'])}</td>"
                f"<td>{_text(figures)}</td></tr>"
            )
            head = ""


def _claim(claim: Row) -> str:
    before = "" if claim["public_is"] == "exact" else '<br><span class="n s">or before</span>'
    what = "" if claim["about"] == "occurrence" else f"on the {wording.plain(claim['about'])}"
    what += f": {claim['value']}" if claim["value"] else ""
    basis = str(wording.BASES.get(claim["basis"], claim["basis"]))
    basis += f" in {claim['package']}" if "package" in claim else ""
    lines = [
        f"{_text(named(claim))} {_pill(claim['stance'])} {_text(what)}"
        f' <span class="n s">{_text(basis)}</span>'
    ]
    if claim["note"]:
        lines.append(f'<span class="n">{_text(claim["note"])}</span>')
    for amount in claim["quantities"]:
        period = wording.period(amount)
        figure = f"{wording.plain(amount['item'])}: {wording.figure(amount)}"
        lines.append(_text(figure + (f", {period}" if period else "")))
    sources = ", ".join(_source(source) for source in claim["sources"])
    lines.append(f'<span class="s">{sources}</span>')
    day = f'<td class="d">{_text(wording.day(claim["public_on"]))}{before}</td>'
    return f'<tr class="c">{day}<td>{"<br>".join(lines)}</td></tr>'


def _source(source: Row) -> str:
    name, url = _text(source["publisher"]), str(source["url"])
    if not url.lower().startswith(("http://", "https://")):
        return name
    title = f' title="{_text(source["title"])}"' if source["title"] else ""
    return f'<a href="{_text(url)}"{title} rel="noopener noreferrer" target="_blank">{name}</a>'


def _link(link: Row) -> str:
    return (
        f"<tr><th>{_text(link['relation'])}</th><td>{_text(link['title'])}"
        f' <span class="n s">{_text(link["event_id"])}</span></td></tr>'
    )
