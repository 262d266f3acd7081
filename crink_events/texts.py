"""Which texts are beyond suspicion: told of very many at once, as most are.

What can be wrong with the others is told by :mod:`crink_events.damage`. The standard library alone.
"""

import re
import unicodedata
from collections.abc import Collection, Set
from functools import lru_cache
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong with a text: the kind, what it is, and what to do."""

    rule: str
    message: str
    hint: str


#: In an ASCII text in which this finds nothing, there is no fault. It is written
#: for RE2, with which the certificate judges whole columns at once.
SUSPECT = (
    r"^[=+@'#-]|^[ \n]|[ \n]$|[\x00-\x09\x0b-\x1f\x7f]|<[A-Za-z/!?%]|&[A-Za-z#][A-Za-z0-9]*;"
    r"|#(REF|N/A|NAME|VALUE|DIV|NULL|NUM|SPILL|CALC)|^[0-9]{1,2}-[A-Z][a-z]{2}"
    r"|  |\]\(|[{]|\}\}|\[\[|\]\]|^\[ ?[\"']"
    r"|^(N/A|n/a|n\.a\.|NA|NULL|null|None|NaN|nan|nil|TODO|TBD|tbd|TBA|FIXME)$"
    r"|^(xxx|[?.]+)$"
    r"|^[A-Z][a-z]{2}-[0-9]{2}|^[+-]?[0-9][.,0-9]*E[+-]?[0-9]"
)

_NOTHING = """
    N/A n/a n.a. NA NULL null None NaN nan nil TODO TBD tbd TBA FIXME xxx
    ? ?? ??? . .. ... - -- --- \u2013 \u2014 \u2026
"""
#: Words of small letters and digits, joined by hyphens: the form of keys.
SLUG = "^([a-z0-9]+(-[a-z0-9]+)*)$"
#: Words that programs and people write where nothing is known. `unknown` and `none` are codes.
PLACEHOLDERS = frozenset(_NOTHING.split())

MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ODD = rf"[=+@#\s-]|'[\d=+@-](?!.*')|\[ ?[\"']|\d{{1,2}}-[A-Z]|{MONTH}-\d|\d[.,\d]*E"
_odd_start = re.compile(_ODD).match
_odd_line = re.compile(rf"\n(?:{_ODD})").search
_MARKS = ("<", "](", "  ", "{", "}}", "[[", "]]")
_entity = re.compile("&[A-Za-z#][A-Za-z0-9]*;").search
_error = re.compile("#[A-Z]").search


def is_plain(text: str) -> bool:
    """Whether a text that is not blank is beyond suspicion."""
    return (
        (text.isprintable() or text.replace("\n", "").isprintable())
        and not any(mark in text for mark in _MARKS)
        and text[-1] not in " \n"
        and ("&" not in text or not _entity(text))
        and ("#" not in text or not _error(text))
        and text not in PLACEHOLDERS
        and not _odd_start(text)
        and (text.isascii() or (_has_plain_letters(text) and not _is_wide(text)))
    )


def are_slugs(some: Collection[str]) -> bool:
    """Whether texts all have the form of :data:`SLUG`, as nearly all keys have: told at once.

    Examples
    --------
    >>> are_slugs({"rus-prk-summit-2024", "tass"}), are_slugs({"Tass"}), are_slugs({"a-"})
    (True, False, False)
    """
    joined = "\n".join(("", *some, ""))
    letters = joined.replace("\n", "").replace("-", "")
    return (
        letters.isascii()
        and letters.isalnum()
        and letters == letters.lower()
        and joined.count("\n") == len(some) + 1
        and not any(pair in joined for pair in ("--", "-\n", "\n-", "\n\n"))
    )


def suspicious(some: Collection[str]) -> Set[str]:
    """Give those of some texts that are not blank for which :func:`is_plain` does not hold.

    Examples
    --------
    >>> suspicious({"Sudzha", "caf\u00c3\u00a9", "=1+1"}) == {"caf\u00c3\u00a9", "=1+1"}
    True
    """
    joined = "\n".join(("", *some, ""))
    if not joined.replace("\n", "").isprintable():
        printable = [text for text in some if text.replace("\n", "").isprintable()]
        return (set(some) - set(printable)) | suspicious(printable)
    # One letter is looked for many times faster than two.
    marks = [mark for mark in _MARKS if mark[0] in joined and mark in joined]
    found = {text for mark in marks for text in some if mark in text}
    found |= PLACEHOLDERS.intersection(some)
    if "&" in joined:
        found.update(text for text in some if "&" in text and _entity(text))
    if "#" in joined:
        found.update(text for text in some if "#" in text and _error(text))
    if " \n" in joined or "\n\n" in joined:
        found.update(text for text in some if text[-1] in " \n")
    if _odd_line(joined):
        found.update(filter(_odd_start, some))
    if not joined.isascii():
        abroad = [text for text in some if not text.isascii()]
        if not _has_plain_letters("\n".join(abroad)):
            found.update(text for text in abroad if not _has_plain_letters(text))
        if _wide(joined):
            found.update(filter(_is_wide, abroad))
    return found


#: Encodings as which UTF-8 is read by mistake, and the letters that the first and the second byte
#: of a UTF-8 character become in one of them.
_MISTAKEN = ("cp1252", "latin-1", "cp1251", "cp437", "cp850")
_FIRST = frozenset(
    "\u00a4\u00a6\u00af\u00b1\u00b4\u00b5\u00b6\u00be\u00c2\u00c3\u00c4\u00c5\u00c6\u00c7"
    "\u00c8\u00c9\u00ca\u00cb\u00cc\u00cd\u00ce\u00cf\u00d0\u00d1\u00d2\u00d3\u00d4\u00d5"
    "\u00d6\u00d7\u00d8\u00d9\u00da\u00db\u00dc\u00dd\u00de\u00df\u00e0\u00e1\u00e2\u00e3"
    "\u00e4\u00e5\u00e6\u00e7\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef\u00f0\u00f1"
    "\u00f2\u00f3\u00f4\u00f5\u00fd\u00fe\u0131\u0393\u0398\u03a3\u03a6\u03a9\u03b1\u03b4"
    "\u03b5\u03c0\u03c3\u03c4\u03c6\u0412\u0413\u0414\u0415\u0416\u0417\u0418\u0419\u041a"
    "\u041b\u041c\u041d\u041e\u041f\u0420\u0421\u0422\u0423\u0424\u0425\u0426\u0427\u0428"
    "\u0429\u042a\u042b\u042c\u042d\u042e\u042f\u0430\u0431\u0432\u0433\u0434\u0435\u0436"
    "\u0437\u0438\u0439\u043a\u043b\u043c\u043d\u043e\u043f\u0440\u0441\u0442\u0443\u0444"
    "\u2017\u221e\u2229\u2261\u2264\u2265\u2320\u2500\u250c\u2518\u251c\u252c\u253c\u2550"
    "\u2552\u2553\u2554\u2558\u2559\u255a\u255e\u255f\u2560\u2564\u2565\u2566\u2567\u2568"
    "\u2569\u256a\u256b\u256c\u2580\u2584\u2588\u258c\u2590"
)
_SECOND = frozenset(
    "\u00a1\u00a2\u00a3\u00a4\u00a5\u00a6\u00a7\u00a8\u00a9\u00aa\u00ab\u00ac\u00ae\u00af"
    "\u00b0\u00b1\u00b2\u00b3\u00b4\u00b5\u00b6\u00b7\u00b8\u00b9\u00ba\u00bb\u00bc\u00bd"
    "\u00be\u00bf\u00c0\u00c1\u00c2\u00c4\u00c5\u00c6\u00c7\u00c9\u00d1\u00d6\u00d7\u00d8"
    "\u00dc\u00e0\u00e1\u00e2\u00e4\u00e5\u00e6\u00e7\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed"
    "\u00ee\u00ef\u00f1\u00f2\u00f3\u00f4\u00f6\u00f8\u00f9\u00fa\u00fb\u00fc\u00ff\u0152"
    "\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u0401\u0402\u0403\u0404\u0405"
    "\u0406\u0407\u0408\u0409\u040a\u040b\u040c\u040e\u040f\u0451\u0452\u0453\u0454\u0455"
    "\u0456\u0457\u0458\u0459\u045a\u045b\u045c\u045e\u045f\u0490\u0491\u2013\u2014\u2018"
    "\u2019\u201a\u201c\u201d\u201e\u2020\u2021\u2022\u2026\u2030\u2039\u203a\u20a7\u20ac"
    "\u2116\u2122\u2310\u2502\u2510\u2524\u2551\u2555\u2556\u2557\u255b\u255c\u255d\u2561"
    "\u2562\u2563\u2591\u2592\u2593"
)

#: All of ASCII as blanks, for what stands between them.
_BLANKED = bytes([32] * 128 + [*range(128, 256)])
#: Pictures; ligatures; and signs of full width, which are right beside Chinese and Japanese.
PICTURES = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
LIGATURES = "\ufb00-\ufb06"
WIDE = "\uff01-\uff5e"
_wide = re.compile(f"[{WIDE}]").search
_WORD = re.compile("[A-Za-z\u00c0-\u02ff\u0370-\u052f\u1e00-\u1fff]+")


def _has_plain_letters(text: str) -> bool:
    """Whether the letters of a printable text beyond ASCII are beyond suspicion."""
    runs = {run.decode() for run in set(text.encode().translate(_BLANKED).split())}
    if not (unicodedata.is_normalized("NFC", text) and all(map(_is_plain_run, runs))):
        return False
    # Greek and Cyrillic, and the further letters of Latin and Greek; most runs are neither.
    spans = [(min(run), max(run)) for run in runs]
    if not any(
        (low < "\u0530" and high >= "\u0370") or (low < "\u2000" and high >= "\u1e00")
        for low, high in spans
    ):
        return True
    return not any(map(_is_mixed, set(_WORD.findall(text))))


@lru_cache(65_536)
def _is_plain_run(run: str) -> bool:
    """Whether letters that stand together, none of them of ASCII, are what was meant."""
    if any(letter >= "\u2600" and _is_odd(letter) for letter in run):
        return False
    may_be = len(run) > 1 and run[0] in _FIRST and run[1] in _SECOND and run[-1] in _SECOND
    return not may_be or garbled(run) is None


def _is_odd(letter: str) -> bool:
    """Whether a letter is a picture or a ligature, or stands for one that was lost."""
    return (
        letter <= "\u27bf"
        or "\ufb00" <= letter <= "\ufb06"
        or letter == "\ufe0f"
        or letter in "\ufffc\ufffd"
        or "\U0001f000" <= letter <= "\U0001faff"
    )


def _is_wide(text: str) -> bool:
    """Whether a text has signs of full width, and no letter of Chinese, Japanese or Korean."""
    return _wide(text) is not None and not any(
        "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7ff" for letter in text
    )


def _is_mixed(word: str) -> bool:
    """Whether a word may have letters of two of the scripts Latin, Greek and Cyrillic.

    Behind Cyrillic stand further letters of the other two, as in Vietnamese.
    """
    low, high = min(word), max(word)
    return any(low < first <= high for first in "\u0370\u0400\u1e00\u1f00")


def garbled(run: str) -> tuple[str, str] | None:
    """Give what letters are in UTF-8, if they are its bytes as another encoding reads them.

    Examples
    --------
    >>> garbled("\u00c3\u00a9")
    ('\u00e9', 'cp1252')
    """
    for encoding in _MISTAKEN:
        try:
            return run.encode(encoding).decode("utf-8"), encoding
        except UnicodeError:
            continue
    return None


def shown(text: str) -> str:
    r"""Give a text in which bytes that were not UTF-8 stand as ``\xNN``.

    Examples
    --------
    >>> shown("caf\udce9")
    'caf\\xe9'
    """
    return re.sub("[\udc80-\udcff]", lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", text)
