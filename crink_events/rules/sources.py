"""Rules about sources and publishers: addresses, days, use."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import urlsplit

from crink_events.report import letters_apart
from crink_events.rules.registry import Data, Finding, rule


@cache
def _host(url: str) -> str | None:
    """Give the host name of an address, without `www.`; None if there is none."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a port that is none is told by asking for it
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "." not in host:
        return None
    if "@" in parts.netloc:  # what stands before it is a name, which passes for a host
        return None
    if host.endswith((".local", ".localhost", ".internal")) or _is_private(host):
        return None  # a machine of one's own
    return host.rstrip(".").removeprefix("www.")


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False  # a name


#: What a page or a program puts in the place of what it does not show.
_CUT_OFF = "the address is cut off, or an ellipsis is in it"
_CUT = re.compile(r"\.\.\.|\u2026|%E2%80%A6", re.IGNORECASE)


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
        if not url:
            continue
        if _host(url) is None or re.search(r"[\s<>\"]", url):
            yield Finding("sources", row, "url", f'"{url[:60]}" is no http(s) address')
        elif re.search(r"[;,|]https?://", url):
            yield Finding("sources", row, "url", "two addresses; each is a source of its own")
        elif _CUT.search(url):
            yield Finding("sources", row, "url", _CUT_OFF)
        elif url.endswith((",", ";", "'", ").", ">")) or (url[-1] == ")" and "(" not in url):
            message = f'"{url[-1]}" at its end is of the text that it was copied from'
            yield Finding("sources", row, "url", message)


#: Parameters that say how a reader came to a page, or who the reader is.
_CLICK = r"(?:utm_[a-z]+|fbclid|gclid|yclid|igshid|mc_[ce]id)"


def _bare(url: str) -> str:
    """Give an address without what does not change the page.

    That are scheme, `www.`, the form for telephones, the way one came, and the last slash.
    """
    bare = re.sub(r"^https?://(www\.|m\.)?", "", url).split("#")[0]
    bare = re.sub(rf"([?&]){_CLICK}=[^&]*", r"\1", bare).rstrip("?&").rstrip("/")
    return bare.removesuffix("/amp")


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
    hint="mend `url` or `publisher_id`, or add the host to the publisher's `domains`",
    fails="sources yonhap-20230817-mkrtychev: url=https://yna.example.com/",
    passes="sources yonhap-20230817-mkrtychev: url=https://m.yna.co.kr/a",
)
def host_of_publisher(data: Data) -> Iterator[Finding]:
    domains = {name: hosts for _, name, hosts in data.rows("publishers", "publisher_id", "domains")}
    rows = {name: row for row, name in data.rows("publishers", "publisher_id")}
    strange: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, url, publisher in data.rows("sources", "url", "publisher_id"):
        host = _host(url or "")
        if host is None or not domains.get(publisher):
            continue
        if not any(host == known or host.endswith("." + known) for known in domains[publisher]):
            strange[publisher, host].append(row)
    for (publisher, host), found in strange.items():
        if len(found) > 2:
            # Many sources do not slip in one way: it is the publisher that lacks a host.
            message = f'{len(found)} sources of "{publisher}" are on "{host}"'
            yield Finding("publishers", rows[publisher], "domains", message)
            continue
        slip = next(filter(None, (_mistyped(host, known) for known in domains[publisher])), None)
        for row in found:
            message = f'"{host}" is no host of "{publisher}"'
            if slip:
                yield Finding("sources", row, "url", f'{message}; did you mean "{slip}"?')
            else:
                yield Finding("sources", row, "publisher_id", message)


#: Letters by which a host that was mistyped may differ.
_SLIP = 2


def _mistyped(host: str, known: str) -> str:
    """Give the host that was meant, if it is this known one or one below it; else nothing."""
    labels = known.count(".") + 1
    front, end = host.split(".")[:-labels], ".".join(host.split(".")[-labels:])
    return ".".join([*front, known]) if 0 < letters_apart(end, known) <= _SLIP else ""


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
    "sources coverage",
    why="Languages are counted; a code that ISO 639-1 does not have is a country's, or a slip.",
    hint="the two-letter code of the text that was read, such as zh for Chinese, fa for Persian",
    fails="sources yonhap-20230817-mkrtychev: language=cn",
    passes="sources yonhap-20230817-mkrtychev: language=ko",
)
def language_known(data: Data) -> Iterator[Finding]:
    listed: list[tuple[str, int, str, Sequence[str]]] = [
        ("sources", row, "language", [code]) for row, code in data.rows("sources", "language")
    ]
    listed += [
        ("coverage", row, "languages", codes or ())
        for row, codes in data.rows("coverage", "languages")
    ]
    for table, row, field, codes in listed:
        for language in codes:
            if language and re.fullmatch("[a-z]{2}", language) and language not in LANGUAGES:
                meant = _MISTAKEN.get(language)
                message = f'ISO 639-1 has no language "{language}"'
                message += f'; did you mean "{meant}"?' if meant else ""
                yield Finding(table, row, field, message)


#: What the letters of a script are called in Unicode, and the languages that are written in it.
_SCRIPTS = {
    "CJK": "zh ja ko za",
    "HIRAGANA": "ja",
    "HANGUL": "ko",
    "CYRILLIC": "ru uk be bg mk sr kk ky tg mn tt ba cv ce os ab av cu kv uz tk az bs sh ro ku ug",
    "ARABIC": "ar fa ps ur ku ug sd pa ks az kk ky uz tk ms ha",
    "HEBREW": "he yi",
    "GREEK": "el",
    "DEVANAGARI": "hi mr ne sa ks sd",
    "BENGALI": "bn as",
    "THAI": "th",
    "GEORGIAN": "ka os ab",
    "ARMENIAN": "hy",
    "TAMIL": "ta",
    "MYANMAR": "my",
    "KHMER": "km",
    "LAO": "lo",
    "ETHIOPIC": "am ti",
}
_LANGUAGES_OF = {script: frozenset(languages.split()) for script, languages in _SCRIPTS.items()}


@rule(
    "language-of-title",
    "sources",
    why="A title is in the language of its page, and few languages share a script but Latin.",
    hint="mend `language`, or record the title that the page itself has",
    severity="warning",
    fails="sources yonhap-20230817-mkrtychev: title=\u5317\u4eac\u4f1a\u8c08 | language=ru",
    passes="sources yonhap-20230817-mkrtychev: title=\u5317\u4eac\u4f1a\u8c08 | language=zh",
)
def language_of_title(data: Data) -> Iterator[Finding]:
    for row, title, language in data.rows("sources", "title", "language"):
        # In Latin letters every language can be written.
        if not title or title.isascii() or language not in LANGUAGES:
            continue
        script = _script(title)
        if script in _LANGUAGES_OF and language not in _LANGUAGES_OF[script]:
            name = {"CJK": "Chinese", "HIRAGANA": "Japanese"}.get(script, script.capitalize())
            message = f'the title is in {name} letters, and "{language}" is not written in them'
            yield Finding("sources", row, "language", message)


def _script(title: str) -> str:
    """Name the script of more than half of the letters of a title; nothing if there is none.

    Japanese is told from Chinese by its kana: more than a fifth of the letters of East Asia.
    """
    counts = Counter(unicodedata.name(c, "").split(" ")[0] for c in title if c.isalpha())
    kana = counts["HIRAGANA"] + counts["KATAKANA"]
    if kana * 5 > kana + counts["CJK"]:
        counts["HIRAGANA"] = kana + counts["CJK"]
        counts["CJK"] = counts["KATAKANA"] = 0
    script, count = counts.most_common(1)[0] if counts else ("", 0)
    return script if 2 * count > counts.total() else ""


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


_NO_PAGE = re.compile(
    r"^(?:(?:error )?40[0-9]\b|page not found|not found$|just a moment|access denied|forbidden|"
    r"attention required|are you a robot|untitled|log ?in$|sign in$|subscribe|bad gateway|"
    r"service unavailable|50[0-9] )|^https?://|^www\.|captcha",
    re.IGNORECASE,
)


@rule(
    "title-of-page",
    "sources",
    why="A page of an error, a wall or a robot check was not read; its title gives it away.",
    hint="open the page again, and record its own title, or leave it blank",
    fails="sources yonhap-20230817-mkrtychev: title=404 Not Found",
    passes="sources yonhap-20230817-mkrtychev: title=Found: 404 shells",
)
def title_of_page(data: Data) -> Iterator[Finding]:
    for row, title in data.rows("sources", "title"):
        if title and (match := _NO_PAGE.search(title)):
            yield Finding("sources", row, "title", f'"{match[0]}" is no title of a page')


#: What networks add to the address that a reader shares; feeds of the outlet itself name no reader.
_BY_A_FRIEND = re.compile(
    r"(?:fbclid|gclid|yclid|igshid|utm_source=(?:facebook|fb|twitter|x|telegram|tg|whatsapp|social))"
    r"[^&]{0,20}"
)


@rule(
    "address-of-page",
    "sources",
    why="A front page says something else tomorrow, and a mark of a click names the reader.",
    hint="record the address of the page itself, without what the reader added",
    severity="warning",
    fails="sources yonhap-20230817-mkrtychev: url=https://en.yna.co.kr/",
    passes="sources yonhap-20230817-mkrtychev: url=https://en.yna.co.kr/view/1",
)
def address_of_page(data: Data) -> Iterator[Finding]:
    for row, url in data.rows("sources", "url"):
        host = _host(url or "")
        if host is None:
            continue
        parts = urlsplit(url)
        click = _BY_A_FRIEND.search(parts.query)
        if parts.path in ("", "/") and not parts.query:
            yield Finding("sources", row, "url", f"the front page of {host}")
        elif click:
            yield Finding("sources", row, "url", f'"{click[0]}" says how the page was come to')


_DATED = re.compile(r"/(20\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_-]|$)")
#: Days by which an address and its page may differ.
_NEAR = 31


@rule(
    "address-day",
    "sources",
    why="Many addresses name the day of their page; another day is of another page.",
    hint="check the address and `published_on`",
    severity="warning",
    fails="sources a-news-20240311-kickoff: url=https://www.anews.com.tr/middle-east/2023/03/11/china",
    passes="sources a-news-20240311-kickoff: url=https://www.anews.com.tr/middle-east/2024/03/12/china",
)
def address_day(data: Data) -> Iterator[Finding]:
    for row, url, published in data.rows("sources", "url", "published_on"):
        match = _DATED.search(url or "")
        if not match or not published:
            continue
        try:
            day = dt.date(*map(int, match.groups()))
        except ValueError:
            continue
        if abs((day - published).days) > _NEAR:
            yield Finding(
                "sources", row, "url", f"the address is of {day}, the page of {published}"
            )


#: Territories whose outlets can be the voice of the state.
_OF_STATE = {"HKG": "CHN", "MAC": "CHN", "SUN": "RUS"}


@rule(
    "voice-at-home",
    "publishers",
    why="A state speaks through outlets of its own; one that sits abroad is seldom its voice.",
    hint="check `country` and `state_voice`",
    severity="warning",
    fails="publishers tass: state_voice=CHN",
    passes="publishers tass: state_voice=",
)
def voice_at_home(data: Data) -> Iterator[Finding]:
    for row, country, voice in data.rows("publishers", "country", "state_voice"):
        if country and voice and _OF_STATE.get(country, country) != voice:
            yield Finding(
                "publishers", row, "state_voice", f"the voice of {voice} sits in {country}"
            )


@rule(
    "publisher-used",
    "publishers sources",
    why="A publisher of no source was not needed, or a source was lost.",
    hint="add its source, or remove it",
    severity="warning",
    fails="+ publishers: publisher_id=zzz | name=Zzz | ownership=private | domains=zzz.example.com",
    passes="publishers tass: name=TASS agency",
)
def publisher_used(data: Data) -> Iterator[Finding]:
    used = {publisher for _, publisher in data.rows("sources", "publisher_id")}
    for row, publisher in data.rows("publishers", "publisher_id"):
        if publisher and publisher not in used:
            yield Finding("publishers", row, "publisher_id", "no source is of this publisher")


@rule(
    "publisher-name",
    "publishers",
    why="One outlet under two ids counts as two voices.",
    hint="merge the two, or say in the names what tells them apart",
    severity="warning",
    fails="publishers yonhap: name=tass",
    passes="publishers yonhap: name=Yonhap (English)",
)
def publisher_name(data: Data) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row, publisher, name in data.rows("publishers", "publisher_id", "name"):
        if name and publisher:
            first = seen.setdefault(name.casefold(), publisher)
            if first != publisher:
                yield Finding("publishers", row, "name", f'"{first}" has this name')


@rule(
    "evidence-address",
    "publishers actors",
    why="A reader opens the address; anything but a web page cannot be opened safely.",
    hint="record the address of the page that was read, or leave it blank",
    fails="publishers tass: evidence_url=http://127.0.0.1/tass",
    passes="publishers tass: evidence_url=https://tass.com/about",
)
def evidence_address(data: Data) -> Iterator[Finding]:
    for table in ("publishers", "actors"):
        for row, url in data.rows(table, "evidence_url"):
            if url and _host(url) is None:
                yield Finding(table, row, "evidence_url", f'"{url[:60]}" is no http(s) address')
            elif url and _CUT.search(url):
                message = _CUT_OFF
                yield Finding(table, row, "evidence_url", message)
