"""Issues and reports: what is wrong, where it stands, and what to do about it.

Every layer of the validation, from the JSON of the contract to the rules of the codebook, speaks
through :class:`Issue`. The kinds that Frictionless knows keep its names.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Literal, NamedTuple

from crink_events.kinds import KINDS, RANKS
from crink_events.texts import shown

Severity = Literal["error", "warning"]


# Named tuples here and in the contract: dataclasses would take a tenth of a quick check.


class _Issue(NamedTuple):
    file: str
    line: int
    column: str
    rule: str
    message: str
    severity: Severity = "error"
    key: str = ""
    value: str = ""
    hint: str = ""


class Issue(_Issue):
    """One thing that is wrong.

    Attributes
    ----------
    file
        Path inside the package, with forward slashes.
    line
        Physical line, from 1; 0 where the whole file is meant.
    column
        Name of the field in a CSV file, or the number of the character in a JSON file; empty where
        the whole line is meant.
    rule
        Id of the rule, such as ``type-error`` or ``dates-in-order``.
    message
        What is wrong.
    severity
        ``error`` makes the package invalid, ``warning`` does not.
    key
        Primary key of the record, parts joined by ``/``; empty where there is none.
    value
        The cell or value as it stands, cut to 200 characters.
    hint
        What to do.
    """

    __slots__ = ()

    def __new__(
        cls,
        file: str,
        line: int,
        column: str,
        rule: str,
        message: str,
        severity: Severity = "error",
        key: str = "",
        value: str = "",
        hint: str = "",
    ) -> "Issue":
        """Make an issue whose texts every face can write out."""
        texts = (column, message, key, value, hint)
        if not "".join(texts).isascii():  # bytes that are not UTF-8 come as lone surrogates
            column, message, key, value, hint = map(shown, texts)
        return super().__new__(cls, file, line, column, rule, message, severity, key, value, hint)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part != "")
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return _printable(f"{place} {self.rule} {mark}{self.words()}")

    def words(self) -> str:
        """Say what is wrong, with which record, and what to do, without the place."""
        record = f" [{self.key}]" if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return _printable(f"{self.message}{record}{hint}")


def _printable(text: str) -> str:
    """Keep a text to one line, and a terminal to its colours, whatever stands in a cell."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class Report(NamedTuple):
    """The verdict on a package: its issues and what was checked.

    Attributes
    ----------
    issues
        All issues, sorted by place, without repeats.
    rows
        Number of records read, by table.
    layers
        The layers that ran.
    unshown
        Issues that count in the verdict and were not asked for (see :meth:`only`).
    """

    issues: tuple[Issue, ...]
    rows: dict[str, int]
    layers: tuple[str, ...]
    unshown: tuple[Issue, ...] = ()

    @property
    def errors(self) -> int:
        """Number of issues that make the package invalid, shown or not."""
        return sum(issue.severity == "error" for issue in (*self.issues, *self.unshown))

    @property
    def warnings(self) -> int:
        """Number of issues that do not."""
        return len(self.issues) + len(self.unshown) - self.errors

    @property
    def valid(self) -> bool:
        """Whether the package has no error."""
        return self.errors == 0

    def only(self, wanted: Callable[[Issue], bool]) -> "Report":
        """Give the same verdict with some of its issues."""
        shown = tuple(issue for issue in self.issues if wanted(issue))
        rest = tuple(issue for issue in self.issues if not wanted(issue))
        return self._replace(issues=shown, unshown=(*self.unshown, *rest))

    def verdict(self) -> str:
        """Say the verdict and its counts in a line."""
        rows = f"{sum(self.rows.values())} records in {len(self.rows)} tables"
        counts = f"{count(self.errors, 'error')}, {count(self.warnings, 'warning')}"
        if self.unshown:
            counts += f" ({len(self.unshown)} of them not shown, as asked)"
        verdict = "valid" if self.valid else "invalid"
        return f"{verdict}: {rows}, {counts}; checked by {', '.join(self.layers)}"

    def to_text(self, limit: int = 20) -> str:
        """Say the report in lines, at most ``limit`` examples a rule and file; 0 shows all."""
        shown: Counter[tuple[str, str]] = Counter()
        lines = []
        for issue in self.issues:
            kind = (issue.file, issue.rule)
            shown[kind] += 1
            if not limit or shown[kind] <= limit:
                lines.append(str(issue))
        for (file, rule), number in sorted(shown.items()):
            if limit and number > limit:
                lines.append(f"{file} {rule}: {number - limit} more not shown ({number} in all)")
        return "\n".join([*lines, self.verdict()])


def merge(*layers: Iterable[Issue]) -> tuple[Issue, ...]:
    """Sort issues by place; of what stands in one cell keep the cause, and the first wording.

    Layers overlap on purpose. What an earlier layer has found in a cell is not said again by a
    later one; and a cell whose characters or type are wrong breaks constraints, keys and rules
    as a consequence, which is not said at all.

    Parameters
    ----------
    layers
        The issues of each layer, in the order in which their words are preferred.
    """
    cells: dict[tuple[str, int, str], dict[Issue, int]] = {}
    for number, layer in enumerate(layers):
        for issue in layer:
            found = cells.setdefault((issue.file, issue.line, issue.column), {})
            kind = KINDS.get(issue.rule)
            said = kind and any(o.rule == issue.rule and n < number for o, n in found.items())
            if not said:
                found.setdefault(issue, number)
    kept: list[Issue] = []
    for (_, _, column), found in cells.items():
        first = min(_rank(issue) for issue in found) if column else 0
        kept.extend(issue for issue in found if not column or _rank(issue) == first)
    return tuple(sorted(kept))


def _rank(issue: Issue) -> int:
    return RANKS.get(issue.rule, max(RANKS.values()) + 1)


def nearest(word: str, known: Collection[str]) -> str:
    """Name the valid word that is nearest to a wrong one, as a question, or nothing.

    A wrong guess does more harm than none. A word may be one that is cut short or has an ending
    too many. Else nothing is said where more than a third of the letters differ, where several
    words are equally near, or where a word of three letters has another letter: it may be any code.

    Examples
    --------
    >>> nearest("pledged", ["sign", "pledge"]), nearest("Sing", ["sign", "pledge"])
    ('did you mean "pledge"?', 'did you mean "sign"?')
    >>> nearest("declines", ["denies"]), nearest("NKO", ["NOR"]), nearest("PKR", ["PRK", "PAK"])
    ('', '', 'did you mean "PRK"?')
    """
    import difflib

    lowered = word.lower()
    forms: dict[str, list[str]] = {}
    for name in known:
        forms.setdefault(name.lower(), []).append(name)
    found = sorted(
        (letters_apart(lowered, form), letters_apart(word, name), name)
        for form in difflib.get_close_matches(lowered, forms, n=5, cutoff=0.6)
        if _begins(lowered, form) or _is_near(lowered, form)
        for name in forms[form]
    )
    if not found or (len(found) > 1 and found[0][:2] == found[1][:2]):
        return ""
    return f'did you mean "{found[0][2]}"?'


def _begins(one: str, other: str) -> bool:
    """Whether one of two words is the other with a few letters more."""
    short, long = sorted((one, other), key=len)
    rest = long[len(short) :]
    return long.startswith(short) and rest.isalpha() and len(short) > max(len(rest), 3)


def _is_near(word: str, name: str) -> bool:
    """Whether a word may be a slip for a name; of ids only the parts that differ are compared."""
    while "-" in word and word.partition("-")[0] == name.partition("-")[0]:
        word, name = word.partition("-")[2], name.partition("-")[2]
    if len(word) <= 3 and set(word) - set(name):
        return False
    return 3 * letters_apart(word, name) <= max(len(word), len(name))


def letters_apart(one: str, other: str) -> int:
    """Count the letters that are to be put in, taken out, replaced or turned between two words.

    Examples
    --------
    >>> letters_apart("exercize", "exercise"), letters_apart("tass.cmo", "tass.com")
    (1, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        last, before = before, row
        row = [i + 1]
        for j, wanted in enumerate(other):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (letter != wanted)))
            if i and j and letter == other[j - 1] and one[i - 1] == wanted:
                row[-1] = min(row[-1], last[j - 1] + 1)
    return row[-1]


def count(number: int, noun: str) -> str:
    """Say a number of things, such as "1 error" or "2 errors"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
