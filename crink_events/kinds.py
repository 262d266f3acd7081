"""The kinds of issue that are not rules of the codebook: id, reason, examples, and their order."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of issue that is not a rule of the codebook.

    Attributes
    ----------
    why
        The reason, for curators.
    fails, passes
        An example of each, as it stands in a file.
    """

    why: str
    fails: str
    passes: str


#: The kinds of issue that are not rules of the codebook, by id. Those that Frictionless knows have
#: its names.
KINDS: dict[str, Kind] = {
    "package-error": Kind(
        "The package must be readable before anything can be said of it.",
        "no datapackage.json in the folder",
        "datapackage.json and the schemas that it names",
    ),
    "contract-error": Kind(
        "A contract that says something unknown would be silently ignored.",
        '"requierd": true',
        '"required": true',
    ),
    "file-error": Kind(
        "A table that cannot be read cannot be checked.",
        "an empty events.csv",
        "events.csv with its header",
    ),
    "stray-file": Kind(
        "Rows of a file that no resource names are read by nobody.",
        "data/events (copy).csv",
        "events.csv alone",
    ),
    "encoding-error": Kind(
        "All files are UTF-8; other bytes become wrong letters.",
        "café with the byte 0xe9",
        "café with the bytes 0xc3 0xa9",
    ),
    "byte-order-mark": Kind(
        "A byte order mark becomes part of the first field's name.",
        "0xef 0xbb 0xbf before event_id",
        "event_id",
    ),
    "line-ending": Kind(
        "Lines end with LF, so that a diff shows changes only.",
        "CR LF at the end of a line",
        "LF",
    ),
    "quoting-error": Kind(
        "A stray quotation mark swallows the cells and lines that follow it.",
        'a,"b,c',
        'a,"b ""quoted"" c",d',
    ),
    "repeated-header": Kind(
        "A header between the rows is no record; it comes of tables that were put together.",
        "event_id,title in the middle of events.csv",
        "event_id,title at its top alone",
    ),
    "incorrect-label": Kind(
        "The header names the fields in the order of the schema.",
        "to_event,relation",
        "relation,to_event",
    ),
    "extra-label": Kind(
        "A column that the schema does not know would be lost.",
        "from_event,relatoin",
        "from_event,relation",
    ),
    "missing-label": Kind(
        "A column that is not there cannot be checked.",
        "from_event,to_event",
        "from_event,relation,to_event",
    ),
    "duplicate-label": Kind(
        "Of two columns with one name, one would be lost.",
        "relation,relation",
        "relation",
    ),
    "extra-cell": Kind(
        "A row with a cell too many has usually an unquoted comma.",
        "Kim, Putin meet",
        '"Kim, Putin meet"',
    ),
    "missing-cell": Kind(
        "A row with a cell too few has usually lost a comma.",
        "exercise defence",
        "exercise,defence",
    ),
    "blank-row": Kind("A blank row is a record without a key.", ",,,", "no line at all"),
    "untrimmed": Kind("Blanks around a value make equal codes unequal.", '" CHN"', '"CHN"'),
    "double-blank": Kind(
        "Two blanks in a row make equal texts unequal, and are not seen.",
        '"Gulf  of Oman"',
        '"Gulf of Oman"',
    ),
    "placeholder": Kind(
        "A word that stands for nothing is counted as a value; what is not known is blank.",
        "N/A as a place",
        "a blank cell",
    ),
    "control-character": Kind(
        "Invisible characters make equal codes unequal and hide or turn text.",
        "a zero-width space in Kursk",
        "Kursk",
    ),
    "odd-space": Kind(
        "A blank that is no blank splits and joins words for one tool and not for another.",
        "Gulf of Oman with U+00A0",
        "Gulf of Oman",
    ),
    "not-normalised": Kind(
        "Text is in Unicode form NFC, so that equal words are equal bytes.",
        "e followed by U+0301",
        "é",
    ),
    "mojibake": Kind(
        "UTF-8 that was read in another encoding is no text.",
        "cafÃ©",
        "café",
    ),
    "look-alike": Kind(
        "A letter of another script or width looks the same and is never found by a search.",
        "Rus\u0455ia with a Cyrillic dze",
        "Russia",
    ),
    "picture-sign": Kind(
        "A picture among words says nothing that is counted, and many fonts do not have it.",
        "Drill begins \U0001f680",
        "Drill begins",
    ),
    "spreadsheet-damage": Kind(
        "Spreadsheets turn values into dates, errors and rounded numbers.",
        "Jun-24, #REF!, 1.0E+05, '2024",
        "2024-06, 100000, 2024",
    ),
    "formula": Kind(
        "A text that begins like a formula is run by the spreadsheet that opens it.",
        "=HYPERLINK(…)",
        "a word first",
    ),
    "markup": Kind(
        "Markup in a text is run or garbled by the page that shows it.",
        "Talks &amp; <b>drills</b>",
        "Talks & drills",
    ),
    "type-error": Kind(
        "The cell is not of the type that the schema gives the field.",
        "2024-02-30",
        "2024-02-29",
    ),
    "constraint-error": Kind(
        "The cell breaks a constraint that the schema gives the field.",
        "act: exercize",
        "act: exercise",
    ),
    "list-blank": Kind(
        "A blank item is a delimiter too many, and counts as an item.", "CHN;;RUS", "CHN;RUS"
    ),
    "list-repeat": Kind("An item that stands twice is counted twice.", "CHN;CHN", "CHN;RUS"),
    "list-shape": Kind(
        "An item of a list is held to a pattern, as a cell is.", "CHN;russia", "CHN;RUS"
    ),
    "list-code": Kind(
        "Items of a coded list are codes of its vocabulary.",
        "themes: deterence",
        "themes: deterrence",
    ),
    "list-reference": Kind(
        "An item that refers to a record must find it, as a foreign key must.",
        "also_in: a source that is not there",
        "also_in: a source_id",
    ),
    "unique-error": Kind(
        "The value may stand only once in this field.",
        "one url in two sources",
        "one url, one source",
    ),
    "primary-key": Kind(
        "Each record has a key of its own.", "claim 1 of an event, twice", "claims 1 and 2"
    ),
    "row-order": Kind(
        "Rows are sorted by key, so that a diff shows changes only.",
        "claim 2 above claim 1",
        "claim 1 above claim 2",
    ),
    "foreign-key": Kind(
        "A reference must point to a record that exists.",
        "an actor_id that is not in actors",
        "RUS",
    ),
    "engine-error": Kind(
        "A layer of the validation failed; its verdict is missing.",
        "Frictionless stops halfway",
        "a verdict of every layer",
    ),
}

#: Kinds that warn; all others are errors.
WARNINGS = frozenset({"stray-file"})
#: Kinds that leave open which cell of a file belongs to which record and field.
STRUCTURE = frozenset(
    {
        "file-error",
        "encoding-error",
        "quoting-error",
        "incorrect-label",
        "extra-label",
        "missing-label",
        "duplicate-label",
    }
)
#: Causes before consequences: of what stands in one cell the least is kept.
CHARACTERS = (
    "encoding-error",
    "untrimmed",
    "double-blank",
    "control-character",
    "odd-space",
    "not-normalised",
    "mojibake",
    "look-alike",
    "picture-sign",
    "spreadsheet-damage",
    "formula",
    "markup",
)
RANKS = dict.fromkeys(CHARACTERS, 0) | {
    "type-error": 1,
    "placeholder": 2,
    "constraint-error": 3,
}
