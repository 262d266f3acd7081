"""Rules about sources and publishers: addresses, days, use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from crink_events.rules.registry import Data, Finding, rule


@cache
def _host(url: str) -> str | None:
    """Give the host name of an address, without `www.`; None if there is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "." not in host:
        return None
    if "@" in parts.netloc:  # what stands before it is a name, which passes for a host
        return None
    return host.rstrip(".").removeprefix("www.")


@rule(
    "web-address",
    "sources",
    why="A reader opens the address; anything but a web page cannot be opened safely.",
    hint="record the address of the page that was read, unchanged",
    fails="sources yonhap-20230817-mkrtychev: url=https://nowhere",
    passes="sources yonhap-20230817-mkrtychev: url=http://en.yna.co.kr/a",
)
def web_address(data: Data) -> Iterator[Finding]:
    for row, url in data.rows("sources", "url"):
        if url and (_host(url) is None or re.search(r"[\s<>\"]", url)):
            yield Finding("sources", row, "url", f'"{url[:60]}" is no http(s) address')


def _bare(url: str) -> str:
    """Give an address without what does not change the page: scheme, `www.`, last slash."""
    bare = re.sub(r"^https?://(www\.)?", "", url).split("#")[0]
    return bare.rstrip("/")


@rule(
    "same-address",
    "sources",
    why="One page under two ids counts as two sources.",
    hint="keep one of the two sources",
    fails=(
        "+ sources: source_id=yonhap-20230817-zzz | "
        "url=http://www.en.yna.co.kr/view/AEN20230817000200325/#top | title=Another page | "
        "publisher_id=yonhap | published_on=2023-08-17 | language=en | kind=wire | "
        "read_on=2026-11-22"
    ),
    passes=(
        "+ sources: source_id=yonhap-20230817-zzz | "
        "url=https://en.yna.co.kr/view/AEN20230817000200326 | title=Another page | "
        "publisher_id=yonhap | published_on=2023-08-17 | language=en | kind=wire | "
        "read_on=2026-11-22"
    ),
)
def same_address(data: Data) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row, source, url in data.rows("sources", "source_id", "url"):
        if not url:
            continue
        first = seen.setdefault(_bare(url), source)
        if first != source:
            yield Finding("sources", row, "url", f'the same page as "{first}"')


@rule(
    "host-of-publisher",
    "sources publishers",
    why="A wrong publisher makes one voice out of two, or two out of one.",
    hint="mend `publisher_id`, or add the host to the publisher's `domains`",
    fails="sources yonhap-20230817-mkrtychev: url=https://yna.example.com/",
    passes="sources yonhap-20230817-mkrtychev: url=https://m.yna.co.kr/a",
)
def host_of_publisher(data: Data) -> Iterator[Finding]:
    domains = {name: hosts for _, name, hosts in data.rows("publishers", "publisher_id", "domains")}
    for row, url, publisher in data.rows("sources", "url", "publisher_id"):
        host = _host(url or "")
        if host is None or not domains.get(publisher):
            continue
        if not any(host == known or host.endswith("." + known) for known in domains[publisher]):
            message = f'"{host}" is no host of "{publisher}"'
            yield Finding("sources", row, "publisher_id", message)


_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht
    hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky
    la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny
    oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss
    st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
    za zh zu
"""
#: The two-letter codes of ISO 639-1.
LANGUAGES = frozenset(_ISO_639_1.split())
#: Country codes that are taken for languages, and what was meant.
_MISTAKEN = {"cn": "zh", "jp": "ja", "kp": "ko", "ir": "fa", "ua": "uk", "gr": "el", "cz": "cs"}


@rule(
    "language-known",
    "sources",
    why="Languages are counted; a code that ISO 639-1 does not have is a country's, or a slip.",
    hint="the two-letter code of the text that was read, such as zh for Chinese, fa for Persian",
    fails="sources yonhap-20230817-mkrtychev: language=cn",
    passes="sources yonhap-20230817-mkrtychev: language=ko",
)
def language_known(data: Data) -> Iterator[Finding]:
    for row, language in data.rows("sources", "language"):
        if language and re.fullmatch("[a-z]{2}", language) and language not in LANGUAGES:
            meant = _MISTAKEN.get(language)
            message = f'ISO 639-1 has no language "{language}"'
            message += f'; did you mean "{meant}"?' if meant else ""
            yield Finding("sources", row, "language", message)


@rule(
    "source-read",
    "sources",
    why="A document cannot be read before it is published.",
    hint="mend one of the days",
    fails="sources yonhap-20230817-mkrtychev: read_on=2023-08-16",
    passes="sources yonhap-20230817-mkrtychev: read_on=2023-08-17",
)
def source_read(data: Data) -> Iterator[Finding]:
    for row, published, read in data.rows("sources", "published_on", "read_on"):
        if published and read and published > read:
            message = f"published on {published}, read on {read}"
            yield Finding("sources", row, "read_on", message)


@rule(
    "read-by-then",
    "sources",
    why="A page cannot have been read on a day that has not come.",
    hint="`read_on` is the day on which you read it",
    fails="sources yonhap-20230817-mkrtychev: read_on=2999-01-01",
    passes="sources yonhap-20230817-mkrtychev: read_on=2026-11-22",
)
def read_by_then(data: Data) -> Iterator[Finding]:
    for row, read in data.rows("sources", "read_on"):
        if read and read > data.today:
            yield Finding("sources", row, "read_on", f"{read} has not come")


@rule(
    "source-id-day",
    "sources",
    why="The id of a source says publisher and day, so that a reader of claims sees both.",
    hint="`publisher-yyyymmdd-word`, or `publisher-undated-word`",
    fails="sources yonhap-20230817-mkrtychev: published_on=2023-08-18",
    passes="sources yonhap-20230817-mkrtychev: title=Other words",
)
def source_id_day(data: Data) -> Iterator[Finding]:
    fields = ("source_id", "publisher_id", "published_on")
    for row, source, publisher, published in data.rows("sources", *fields):
        day = published.strftime("%Y%m%d") if published else "undated"
        if source and publisher and not source.startswith(f"{publisher}-{day}-"):
            message = f'"{source}" does not begin with "{publisher}-{day}-"'
            yield Finding("sources", row, "source_id", message)


@rule(
    "unused-source",
    "sources claims agreements",
    why="A source that no row rests on was not needed, or a claim was lost.",
    hint="add the claim that it carries, or remove it",
    fails="claims usa-designation-verus-2023/1: also_in=",
    passes="claims usa-designation-verus-2023/1: note=the same pages",
)
def unused_source(data: Data) -> Iterator[Finding]:
    used = {source for _, source in data.rows("claims", "source_id")}
    used |= {name for _, also in data.rows("claims", "also_in") for name in also or []}
    used |= {source for _, source in data.rows("agreements", "text_source")}
    for row, source in data.rows("sources", "source_id"):
        if source not in used:
            yield Finding("sources", row, "source_id", "nothing rests on this source")


@rule(
    "voice-has-country",
    "publishers",
    why="The voice of a state sits in a country, and no private owner speaks for a state.",
    hint="fill `country`, or leave `state_voice` blank",
    fails="publishers tass: country=",
    passes="publishers a-news: country=",
)
def voice_has_country(data: Data) -> Iterator[Finding]:
    fields = ("state_voice", "country", "ownership")
    for row, voice, country, ownership in data.rows("publishers", *fields):
        if voice and country is None:
            yield Finding("publishers", row, "country", f"the voice of {voice} has no country")
        elif voice and ownership not in ("state", "party", "public", None):
            message = f"the voice of {voice} has {ownership} owners"
            yield Finding("publishers", row, "ownership", message)


@rule(
    "domain-of-one",
    "publishers",
    why="A host name that two publishers share makes their sources ambiguous.",
    hint="merge the publishers, or give each its own host",
    fails="publishers yonhap: domains=yna.co.kr;tass.com",
    passes="publishers yonhap: domains=yna.co.kr;yonhap.example.com",
)
def domain_of_one(data: Data) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row, publisher, hosts in data.rows("publishers", "publisher_id", "domains"):
        for host in hosts or []:
            first = seen.setdefault(host, publisher)
            if first != publisher:
                message = f'"{host}" belongs to "{first}" already'
                yield Finding("publishers", row, "domains", message)
