"""What is wrong with the characters of a cell, whatever the cell means.

Damage done by spreadsheets and by wrong encodings, characters that cannot be seen or that look like
others, and text that is dangerous where it is opened: formulas in spreadsheets, markup in pages.
Most texts are beyond suspicion, and that :mod:`crink_events.texts` tells fast; this module, which
takes longer to import, is for the others. Pure functions of one text; the standard library alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from crink_events import texts
from crink_events.texts import Fault

_CONTROL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u2069\ue000-\uf8ff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_BYTE = re.compile(r"[\udc80-\udcff]")
_SPACE = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
_HASHES = re.compile(r"#{4,}")
_SHORT_DATE = re.compile(rf"\d{{1,2}}-{texts.MONTH}(?:-\d\d(?:\d\d)?)?|{texts.MONTH}-\d\d(?:\d\d)?")
_EXPONENT = re.compile(r"[+-]?\d(?:[.,]\d+)?E[+-]?\d+")
_APOSTROPHE = re.compile(r"'[\d=+@-][^']*")
_FORMULA = re.compile(r"[=@]|[+-](?![\s])")
#: Marks of programs, and what to write instead.
_MARKUP = (
    (
        r"&(?:[A-Za-z][A-Za-z0-9]*|#\d+|#x[0-9A-Fa-f]+);",
        "write the sign itself, such as & for &amp;",
    ),
    (r"\]\(", "write the words alone; the page that they lead to is cited in `sources`"),
    (r"</?[A-Za-z][^<>]*>|<!|<\?|<script", "write plain text, without tags"),
    (r"\A(?:\[ ?[\"'{]|\{ ?[\"'])", "write the words or items alone, without brackets and quotes"),
    (r"<%|\$\{|\{\{|\}\}|\[\[|\]\]", "write what the template or link was to show"),
)
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
# Letters of other scripts end a word: "\u4e2d\u570bRussia" is two.
_WORD = re.compile(r"[^\W\d_\u0530-\u1dff\u2c00-\uffff\U00010000-\U0010ffff]+")
_PICTURE = re.compile(f"[{texts.PICTURES}]")
_LIGATURE = re.compile(f"[{texts.LIGATURES}]")
_WIDE = re.compile(f"[{texts.WIDE}]")
#: Letters and marks beside which signs of full width are right.
_OF_EAST_ASIA = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fff\u3001-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
_BLANKS = " \t\n\r\x0b\x0c"
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def faults(text: str) -> Iterator[Fault]:
    """Say what is wrong with the characters of a text that is not blank.

    Examples
    --------
    >>> [fault.rule for fault in faults("cafÃ©")]
    ['mojibake']
    >>> [fault.rule for fault in faults("Sudzha, the Kursk region")]
    []
    """
    if not text.isascii():
        yield from _letters(text)
    if text != text.strip(_BLANKS):
        where = "before" if text != text.lstrip(_BLANKS) else "after"
        yield Fault("untrimmed", f"blanks {where} the value", "run `crink-events fix`")
    hidden = _CONTROL.search(text)
    if hidden:
        name = unicodedata.name(hidden[0], "a control character")
        message = f"the invisible character U+{ord(hidden[0]):04X} ({name.lower()})"
        yield Fault("control-character", message, "delete it")
    if "  " in text.strip(_BLANKS):
        yield Fault("double-blank", "two blanks in a row", "keep one of them")
    if text.strip(_BLANKS) in texts.PLACEHOLDERS:
        message = f'"{text.strip(_BLANKS)}" stands for nothing'
        yield Fault("placeholder", message, "leave the cell blank, or fill it")
        return
    yield from _spreadsheet(text.strip())
    for pattern, hint in _MARKUP:
        mark = re.search(pattern, text.strip(_BLANKS))
        if mark:
            yield Fault("markup", f'markup: "{mark[0][:40]}"', hint)
            return


def _letters(text: str) -> Iterator[Fault]:
    """Say what is wrong with the letters of a text that is not ASCII."""
    byte = _BYTE.search(text)
    if byte:
        number = ord(byte[0]) - 0xDC00
        letter = bytes([number]).decode("cp1252", "replace")
        message = f'the byte 0x{number:02x} is not UTF-8 ("{letter}" in Windows-1252)'
        yield Fault("encoding-error", message, "save the file as UTF-8")
        return
    if "\ufffd" in text:
        message = "a replacement character stands for a letter that was lost"
        yield Fault("mojibake", message, "type the word again from its source")
    else:
        garbled = _garbled(text)
        if garbled:
            message = f'"{garbled[0]}" is UTF-8 that was read as {garbled[2]}'
            yield Fault("mojibake", message, f'it was "{garbled[1]}"')
            return
    space = _SPACE.search(text)
    if space:
        name = unicodedata.name(space[0]).lower()
        yield Fault("odd-space", f"U+{ord(space[0]):04X} ({name}) for a blank", "type a blank")
    for word in _WORD.findall(text):
        mixed = look_alike(word)
        if mixed:
            yield Fault("look-alike", f'"{word}" mixes scripts: {mixed}', "type the word again")
            break
    else:
        form = _LIGATURE.search(text) or (not _OF_EAST_ASIA.search(text) and _WIDE.search(text))
        if form:
            plain = unicodedata.normalize("NFKC", form[0])
            name = unicodedata.name(form[0]).lower()
            yield Fault("look-alike", f'"{form[0]}" is one sign: {name}', f'type "{plain}"')
    picture = _PICTURE.search(text)
    if picture:
        name = unicodedata.name(picture[0], "a picture").lower()
        message = f"the picture U+{ord(picture[0]):04X} ({name}) among words"
        yield Fault("picture-sign", message, "leave it out, or say it in words")
    if not unicodedata.is_normalized("NFC", text):
        message = "the text is not in Unicode form NFC"
        yield Fault("not-normalised", message, "run `crink-events fix`")


def look_alike(word: str) -> str:
    """Name the letters of a word that are of another script than most, or nothing.

    Examples
    --------
    >>> look_alike("Rus\u0455ia")
    '"\u0455" is CYRILLIC SMALL LETTER DZE'
    """
    scripts: dict[str, list[str]] = {}
    for letter in word:
        script = unicodedata.name(letter, "").split(" ")[0]
        if script in _SCRIPTS:
            scripts.setdefault(script, []).append(letter)
    if len(scripts) < 2:
        return ""
    fewest = min(scripts, key=lambda script: (len(scripts[script]), script == "LATIN"))
    letters = sorted(set(scripts[fewest]))
    return ", ".join(f'"{letter}" is {unicodedata.name(letter)}' for letter in letters)


def _garbled(text: str) -> tuple[str, str, str] | None:
    """Find letters that are the bytes of one UTF-8 text, read in another encoding."""
    for run in _RUN.findall(text):
        found = texts.garbled(run)
        if found:
            return (run, *found)
    return None


def _spreadsheet(text: str) -> Iterator[Fault]:
    """Find what spreadsheets make of values, and what they would run as a formula."""
    kind = "spreadsheet-damage"
    error = _ERROR.search(text) or _HASHES.fullmatch(text)
    if error:
        yield Fault(kind, f'"{error[0][:20]}" is a spreadsheet\'s error', "write the value again")
    elif _SHORT_DATE.fullmatch(text):
        message = f'a spreadsheet has made the date "{text}" of a value'
        yield Fault(kind, message, "write the value again, in a column formatted as text")
    elif _EXPONENT.fullmatch(text):
        message = f'a spreadsheet has rounded a number to "{text}"'
        yield Fault(kind, message, "write all its digits")
    elif _APOSTROPHE.fullmatch(text):
        message = "a spreadsheet's apostrophe, which marks text, stands before the value"
        yield Fault(kind, message, "delete the apostrophe")
    elif _FORMULA.match(text) and not _is_number(text):
        message = f'a spreadsheet would run a text that begins with "{text[0]}" as a formula'
        yield Fault("formula", message, "begin the text with a word")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
