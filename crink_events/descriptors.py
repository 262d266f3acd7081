"""Reading the contract's files, and saying all that is wrong with them at its line and character.

A contract is refused for what would otherwise be ignored: unknown keys, constraints that a type
does not have, keys that lead nowhere, examples that break their own field.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from crink_events import places
from crink_events.contract import (
    DATE,
    TYPES,
    Field,
    ForeignKey,
    ItemReference,
    Package,
    Table,
    read_file,
)
from crink_events.report import Issue, nearest

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

_SPDX = re.compile(r"[A-Za-z0-9]+([.+-][A-Za-z0-9]+)*\+?")
_CREATED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class ContractError(Exception):
    """The contract cannot be used; ``issues`` says why, with places."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = issues


# Keys by level: those that must stand there, and those that may. Any other is an error.
PACKAGE_KEYS = (
    {"$schema", "name", "title", "description", "version", "created", "licenses", "resources"},
    {"id", "homepage", "keywords", "contributors", "sources", "image"},
)
_RESOURCE = (
    {"name", "path", "type", "title", "description", "format", "mediatype", "encoding"}
    | {"dialect", "schema"},
    set[str](),
)
_DIALECT = ({"delimiter", "header", "quoteChar", "doubleQuote", "lineTerminator"}, set[str]())
_SCHEMA = (
    {"$schema", "title", "description", "fields", "missingValues", "primaryKey"},
    {"foreignKeys"},
)
_FIELD = (
    {"name", "title", "description", "type", "example"},
    {"format", "constraints", "vocabulary", "delimiter", "itemType"}
    | {"itemReference", "itemPattern"},
)
_CONSTRAINTS = (
    set[str](),
    {"required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength"},
)
_FOREIGN_KEY = ({"fields", "reference"}, set[str]())
_REFERENCE = ({"resource", "fields"}, set[str]())
_ITEM_REFERENCE = ({"resource", "field"}, set[str]())
_LICENCE = ({"name", "path", "title"}, set[str]())
CONTRIBUTOR_KEYS = ({"title"}, {"path", "roles", "organization", "givenName", "familyName"})

_EXPECTED = {
    "type": "table",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
}
_EXPECTED_DIALECT = {
    "delimiter": ",",
    "header": True,
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminator": "\n",
}

_NAME_HINT = "use small letters, digits and underscores, and begin with a letter"
_PATTERN_HINT = "write it as ^(…)$, so that every engine anchors it alike"
_EXAMPLE_HINT = "give an example that the field itself would accept"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
PACKAGE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
VERSION = re.compile(r"\d+\.\d+\.\d+([.-]?(a|b|rc|dev|post)\d+)?")
#: Names that say a type: a slip in a schema shows here before it spoils the data.
_TYPE_BY_NAME = (
    (re.compile(r".*_(on|date)|valid_(from|to)|period_(start|end)"), "date"),
    (re.compile(r".*_(no|years|code)|position"), "integer"),
    (re.compile(r"latitude|longitude|low|best|high"), "number"),
    (re.compile(r".*_id"), "string"),
)


class Document:
    """A JSON file of the contract that collects what is wrong with it."""

    def __init__(self, root: Path, name: str, issues: list[Issue]) -> None:
        self.name = name
        self.issues = issues
        self.value: Any = None
        self.readable = False
        self._text = _read_text(root, name, issues)
        if self._text is None:
            return
        try:
            self.value = places.load(self._text)
            self.readable = True
        except places.JsonError as error:
            place = error.place
            message = f"not a JSON document: {error}"
            hint = "mend the syntax here or just before"
            issues.append(
                Issue(name, place.line, str(place.column), "contract-error", message, hint=hint)
            )

    @cached_property
    def _places(self) -> dict[places.Pointer, places.Place]:
        # Only a contract that is wrong is read a second time, for its places.
        return places.parse(self._text or "{}")[1]

    def wrong(self, pointer: places.Pointer, message: str, hint: str) -> None:
        """Say what is wrong with a value, and what to do."""
        place = places.nearest_place(self._places, pointer)
        self.issues.append(
            Issue(self.name, place.line, str(place.column), "contract-error", message, hint=hint)
        )

    def object(
        self, value: Any, pointer: places.Pointer, keys: tuple[set[str], set[str]], what: str
    ) -> dict[str, Any]:
        """Return the value if it is an object, after checking its keys; else an empty one."""
        if not isinstance(value, dict):
            self.wrong(pointer, f"{what} must be an object", "write it as { … }")
            return {}
        must, may = keys
        for key in value:
            if key not in must | may:
                hint = nearest(key, sorted(must | may)) or "remove it; nothing reads it"
                self.wrong((*pointer, key), f'unknown key "{key}" in {what}', hint)
        for key in sorted(must - value.keys()):
            self.wrong(pointer, f'{what} has no "{key}"', f'add "{key}"')
        return value

    def array(self, value: Any, pointer: places.Pointer, what: str) -> list[Any]:
        """Return the value if it is an array; else an empty one."""
        if not isinstance(value, list):
            self.wrong(pointer, f"{what} must be an array", "write it as [ … ]")
            return []
        return value

    def text(self, value: Any, pointer: places.Pointer, what: str, blank: bool = False) -> str:
        """Return the value if it is a text; else a blank one."""
        if not isinstance(value, str) or (not blank and not value.strip()):
            hint = "write a text in double quotes"
            self.wrong(pointer, f"{what} must be a text that is not blank", hint)
            return ""
        return value

    def expect(
        self, mapping: Mapping[str, Any], pointer: places.Pointer, key: str, to: Any
    ) -> None:
        """Check that a key, if it is there, has the one value that it may have."""
        if key in mapping and (mapping[key] != to or type(mapping[key]) is not type(to)):
            wanted = json.dumps(to, ensure_ascii=False)
            self.wrong((*pointer, key), f'"{key}" must be {wanted}', f"write {wanted}")


def _read_text(root: Path, name: str, issues: list[Issue]) -> str | None:
    try:
        data = read_file(root / name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message, hint = f"cannot be read: {reason}", "name the folder that has it"
        issues.append(Issue(name, 0, "", "package-error", message, hint=hint))
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        message = "begins with a byte order mark"
        issues.append(Issue(name, 1, "1", "byte-order-mark", message, hint="save without it"))
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message, hint = f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        issues.append(Issue(name, line, str(column), "encoding-error", message, hint=hint))
        return None


def read_contract(root: Path | str) -> Package:
    """Read ``datapackage.json`` and every schema that it names.

    Parameters
    ----------
    root
        Folder of the package.

    Returns
    -------
    Package
        The contract. No data file has been opened yet.

    Raises
    ------
    ContractError
        With all that is wrong, each with its file, line and character.
    """
    root = Path(root)
    issues: list[Issue] = []
    index = Document(root, "datapackage.json", issues)
    if issues and index.value is None:
        raise ContractError(issues)
    package = index.object(index.value, (), PACKAGE_KEYS, "the package")
    index.expect(package, (), "$schema", PACKAGE_PROFILE)
    texts = dict.fromkeys(("name", "title", "description", "version"), "")
    for key in texts.keys() & package.keys():
        texts[key] = index.text(package[key], (key,), f'"{key}"')
    if texts["name"] and not PACKAGE_NAME.fullmatch(texts["name"]):
        hint = "use small letters, digits, points and hyphens"
        index.wrong(("name",), f'"{texts["name"]}" is no package name', hint)
    if texts["version"] and not VERSION.fullmatch(texts["version"]):
        index.wrong(("version",), f'"{texts["version"]}" is no version', "write MAJOR.MINOR.PATCH")
    if not str(package.get("homepage", "https://")).startswith(("https://", "http://")):
        index.wrong(("homepage",), "the homepage is no web address", "begin it with https://")
    created = read_created(index, package.get("created", ""))
    licence = read_licence(index, package.get("licenses", []))
    for number, entry in enumerate(
        index.array(package.get("contributors", []), ("contributors",), '"contributors"')
    ):
        index.object(entry, ("contributors", number), CONTRIBUTOR_KEYS, "a contributor")
    for number, word in enumerate(
        index.array(package.get("keywords", []), ("keywords",), '"keywords"')
    ):
        index.text(word, ("keywords", number), "a keyword")

    tables: dict[str, Table] = {}
    documents = {"datapackage.json": index}
    resources = index.array(package.get("resources", []), ("resources",), '"resources"')
    names = _declared(resources)
    for number, name in enumerate(names):
        if name in names[:number]:
            message = f'two resources are called "{name}"'
            index.wrong(("resources", number, "name"), message, "remove one, or rename it")
    for number, resource in enumerate(resources):
        table = _table(index, number, resource, root, documents)
        if table is None:
            continue
        tables[table.name] = table
    if isinstance(package.get("resources"), list) and not resources:
        index.wrong(("resources",), "the package has no resource", "list its tables")
    for table in tables.values():
        _references(documents[table.schema_path], table, tables, names)
    _same_names(documents, tables)
    if issues:
        raise ContractError(sorted(set(issues)))
    return Package(root=root, licence=licence, created=created, tables=tables, **texts)


def read_index(root: Path | str) -> Any:
    """Give the value of ``datapackage.json``; OSError or ValueError where it has none."""
    return places.load((Path(root) / "datapackage.json").read_bytes().decode("utf-8-sig"))


def is_extension(root: Path | str) -> bool:
    """Whether a folder has a ``datapackage.json`` that extends another package.

    Never raises: a folder that cannot be read is no extension.

    Examples
    --------
    >>> is_extension("no-such-folder")
    False
    """
    try:
        index = read_index(root)
    except (OSError, ValueError):
        return False
    return isinstance(index, dict) and "extends" in index


def table_names(root: Path | str) -> list[str]:
    """Name the tables that ``datapackage.json`` lists, or none where it cannot be read."""
    try:
        value = read_index(root)
    except (OSError, ValueError):
        return []
    return _declared(value.get("resources") if isinstance(value, dict) else None)


def read_created(index: Document, text: Any) -> dt.date:
    """Read the time of ``created``; the first day of all where it is none."""
    try:
        if not _CREATED.fullmatch(text):
            raise ValueError
        created = dt.datetime.fromisoformat(text).date()
    except (TypeError, ValueError):
        if text != "":
            message = '"created" is no time'
            index.wrong(("created",), message, "write it as 2026-11-22T00:00:00Z")
        return dt.date.min
    # Days are held against it: what has not come must not come true by a slip of its year.
    if created.year > dt.date.today().year + 1:
        message = f'"created" is {created}, which has not come'
        index.wrong(("created",), message, "write the day on which the release is made")
    return created


def read_licence(index: Document, licences: Any) -> str:
    """Read the name of the first licence, or nothing."""
    name = ""
    for number, entry in enumerate(index.array(licences, ("licenses",), '"licenses"')):
        licence = index.object(entry, ("licenses", number), _LICENCE, "a licence")
        if "name" in licence:
            named = index.text(licence["name"], ("licenses", number, "name"), '"name"')
            if named and not _SPDX.fullmatch(named):
                message = f'"{named}" is no identifier of a licence'
                hint = "write it as SPDX does, such as CC-BY-4.0"
                index.wrong(("licenses", number, "name"), message, hint)
            name = name or named
        if "path" in licence and not str(licence["path"]).startswith("https://"):
            message = "the path of a licence is its address"
            index.wrong(("licenses", number, "path"), message, "begin it with https://")
    return name


def _table_of(key: str, path: str) -> str:
    """Give the name of the table that a file is of, by its own name; nothing for other files."""
    end = {"path": ".csv", "schema": ".json"}[key]
    return PurePosixPath(path).name.removesuffix(end) if path.endswith(end) else ""


def stays_inside(path: str) -> bool:
    """Whether a path is relative, plain and stays in the package."""
    pure = PurePosixPath(path)
    return not (
        pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or str(pure) != path
    )


def _table(
    index: Document, number: int, value: Any, root: Path, documents: dict[str, Document]
) -> Table | None:
    at: places.Pointer = ("resources", number)
    before = len(index.issues)
    resource = index.object(value, at, _RESOURCE, "the resource")
    for name, wanted in _EXPECTED.items():
        index.expect(resource, at, name, wanted)
    if "dialect" in resource:
        dialect = index.object(resource["dialect"], (*at, "dialect"), _DIALECT, "the dialect")
        for name, value_of in _EXPECTED_DIALECT.items():
            index.expect(dialect, (*at, "dialect"), name, value_of)
    texts = dict.fromkeys(("name", "title", "description", "path", "schema"), "")
    for key in texts.keys() & resource.keys():
        texts[key] = index.text(resource[key], (*at, key), f'"{key}"')
    if texts["name"] and not _NAME.fullmatch(texts["name"]):
        message = f'"{texts["name"]}" is no name of a table'
        index.wrong((*at, "name"), message, _NAME_HINT)
    for key in ("path", "schema"):
        if texts[key] and not stays_inside(texts[key]):
            index.wrong((*at, key), f'"{texts[key]}" leaves the package', "use a relative path")
        elif key == "schema" and texts[key] and not (root / texts[key]).is_file():
            message = f'there is no file "{texts[key]}"'
            index.wrong((*at, key), message, "mend the path, or put the file there")
        elif texts[key] and texts["name"] and _table_of(key, texts[key]) != texts["name"]:
            message = f'"{texts[key]}" is not the file of the table "{texts["name"]}"'
            index.wrong((*at, key), message, "file and table have one name")
    if len(index.issues) > before or not texts["schema"]:
        return None
    return _schema(index.issues, texts, root, documents)


def _schema(
    issues: list[Issue], texts: dict[str, str], root: Path, documents: dict[str, Document]
) -> Table | None:
    document = Document(root, texts["schema"], issues)
    documents[texts["schema"]] = document
    if not document.readable:
        return None
    schema = document.object(document.value, (), _SCHEMA, "the schema")
    document.expect(schema, (), "$schema", SCHEMA_PROFILE)
    document.expect(schema, (), "missingValues", [""])
    for key in ("title", "description"):
        if key in schema:
            document.text(schema[key], (key,), f'"{key}"')
            if schema[key] != texts[key]:
                message = f'"{key}" differs from the one in datapackage.json'
                document.wrong((key,), message, "write the same words in both")
    fields: list[Field] = []
    for number, value in enumerate(
        document.array(schema.get("fields", []), ("fields",), '"fields"')
    ):
        field = _field(document, ("fields", number), value)
        if field is None:
            continue
        if field.name in {other.name for other in fields}:
            message = f'two fields are called "{field.name}"'
            document.wrong(("fields", number, "name"), message, "remove one, or rename it")
        fields.append(field)
    # A field that is wrong is reported once, and not again where a key names it.
    names = [field.name for field in fields]
    declared_names = _declared(schema.get("fields"))
    primary = _names(document, schema.get("primaryKey", []), ("primaryKey",), declared_names)
    if "primaryKey" in schema and not primary:
        message = "the primary key names no field"
        document.wrong(("primaryKey",), message, "name the fields that tell records apart")
    for field in fields:
        if field.name in primary and not field.required:
            at: places.Pointer = ("fields", names.index(field.name), "constraints")
            message = f'"{field.name}" is in the primary key and must be required'
            document.wrong(at, message, 'add "required": true to its constraints')
    foreign = []
    declared = document.array(schema.get("foreignKeys", []), ("foreignKeys",), '"foreignKeys"')
    for number, value in enumerate(declared):
        if value in declared[:number]:
            document.wrong(("foreignKeys", number), "the foreign key stands twice", "remove one")
        foreign.append(_foreign_key(document, ("foreignKeys", number), value, declared_names))
    return Table(
        name=texts["name"],
        title=texts["title"],
        description=texts["description"],
        path=texts["path"],
        schema_path=texts["schema"],
        fields=tuple(fields),
        primary_key=primary,
        foreign_keys=tuple(foreign),
    )


def _declared(entries: Any) -> list[str]:
    """Give the names of entries, whatever else is wrong with them."""
    some = entries if isinstance(entries, list) else []
    return [str(entry.get("name")) for entry in some if isinstance(entry, dict)]


def _names(document: Document, value: Any, at: places.Pointer, known: list[str]) -> tuple[str, ...]:
    found = []
    for number, name in enumerate(document.array(value, at, f'"{at[-1]}"')):
        if name not in known:
            hint = nearest(str(name), known) or "name a field of this schema"
            document.wrong((*at, number), f'there is no field "{name}"', hint)
        elif name in found:
            document.wrong((*at, number), f'"{name}" stands twice', "keep it once")
        else:
            found.append(name)
    return tuple(found)


def _foreign_key(
    document: Document, at: places.Pointer, value: Any, names: list[str]
) -> ForeignKey:
    entry = document.object(value, at, _FOREIGN_KEY, "the foreign key")
    reference = document.object(
        entry.get("reference", {}), (*at, "reference"), _REFERENCE, "the reference"
    )
    fields = _names(document, entry.get("fields", []), (*at, "fields"), names)
    where = (*at, "reference", "resource")
    table = document.text(reference.get("resource", ""), where, '"resource"', blank=True)
    there = document.array(reference.get("fields", []), (*at, "reference", "fields"), '"fields"')
    return ForeignKey(fields, table, tuple(str(name) for name in there))


def _references(
    document: Document, table: Table, tables: Mapping[str, Table], declared: list[str]
) -> None:
    """Check that foreign keys and lists point to keys of the same types.

    A table that is declared and not among the tables is wrong itself, which is reported there.
    """
    schema = document.value if isinstance(document.value, dict) else {}
    for number, key in enumerate(table.foreign_keys):
        at: places.Pointer = ("foreignKeys", number, "reference")
        name = key.table or table.name
        if name not in tables:
            if name not in declared:
                hint = nearest(name, declared) or "name a table of the package"
                document.wrong((*at, "resource"), f'there is no table "{name}"', hint)
            continue
        other = tables[name]
        if key.references != other.primary_key:
            wanted = ", ".join(other.primary_key)
            message = f'the key of "{name}" is {wanted}'
            document.wrong((*at, "fields"), message, f"refer to {wanted}")
        elif len(key.fields) != len(key.references):
            message = "both sides must name as many fields"
            document.wrong((*at, "fields"), message, "name a field for each part of the key")
        else:
            here, there = table.types, other.types
            for mine, theirs in zip(key.fields, key.references, strict=True):
                if here.get(mine, "") != there.get(theirs, "") and mine in here and theirs in there:
                    message = f'"{mine}" and "{name}.{theirs}" have different types'
                    document.wrong(at, message, "give both the same type")
    for number, field in enumerate(table.fields):
        target = field.item_reference
        if target is None or (target.table in declared and target.table not in tables):
            continue
        if target.table not in tables or tables[target.table].primary_key != (target.field,):
            message = f'"{target.table}.{target.field}" is no key of a table'
            hint = "refer to a table and its primary key"
            document.wrong(("fields", number, "itemReference"), message, hint)
    # A field that has the name of another table's key is a reference and must be declared as one.
    own = set(table.primary_key) if len(table.primary_key) == 1 else set[str]()
    referring = {name for key in table.foreign_keys for name in key.fields}
    keys = {t.primary_key[0]: t.name for t in tables.values() if len(t.primary_key) == 1}
    declared_fields = schema.get("fields", [])
    for number, value in enumerate(declared_fields if isinstance(declared_fields, list) else []):
        label = value.get("name") if isinstance(value, dict) else None
        if label in keys and label not in own | referring:
            at = ("fields", number, "name")
            message = f'"{label}" is the key of "{keys[label]}" but no foreign key here'
            document.wrong(at, message, 'add it to "foreignKeys", or give it another name')


def _same_names(documents: Mapping[str, Document], tables: Mapping[str, Table]) -> None:
    """Check that one vocabulary has one list of codes, wherever it is used."""
    first: dict[str, tuple[str, Field]] = {}
    for table in tables.values():
        document = documents[table.schema_path]
        for number, field in enumerate(table.fields):
            if not field.vocabulary or field.enum is None:
                continue
            name, other = first.setdefault(field.vocabulary, (table.name, field))
            if other.enum != field.enum:
                at: places.Pointer = ("fields", number, "constraints", "enum")
                message = f'the vocabulary "{field.vocabulary}" differs from the one in "{name}"'
                document.wrong(at, message, "one vocabulary has one list, in one order")


def _field(document: Document, at: places.Pointer, value: Any) -> Field | None:
    entry = document.object(value, at, _FIELD, "the field")
    before = len(document.issues)
    texts = {
        key: document.text(entry[key], (*at, key), f'"{key}"')
        for key in ("name", "title", "description", "type", "vocabulary", "delimiter")
        if key in entry
    }
    name, kind = texts.get("name", ""), texts.get("type", "")
    if name and not _NAME.fullmatch(name):
        document.wrong((*at, "name"), f'"{name}" is no name of a field', _NAME_HINT)
    if kind and kind not in TYPES:
        hint = nearest(kind, list(TYPES)) or f"one of {', '.join(TYPES)}"
        document.wrong((*at, "type"), f'unknown type "{kind}" of "{name}"', hint)
    if not name or kind not in TYPES:
        return None
    for pattern, wanted in _TYPE_BY_NAME:
        if pattern.fullmatch(name) and kind != wanted:
            message = f'"{name}" is of type {wanted} by its name, not {kind}'
            document.wrong((*at, "type"), message, f'write "{wanted}", or rename the field')
    document.expect(entry, at, "format", "default")
    if kind == "list":
        document.expect(entry, at, "itemType", "string")
        document.expect(entry, at, "delimiter", ";")
        for key in ("delimiter", "itemType"):
            if key not in entry:
                document.wrong(at, f'the list "{name}" has no "{key}"', f'add "{key}"')
    else:
        for key in ("itemType", "delimiter", "itemReference", "itemPattern"):
            if key in entry:
                message = f'"{key}" is for lists, and "{name}" is a {kind}'
                document.wrong((*at, key), message, "remove it, or make the type a list")
    constraints = _constraints(document, (*at, "constraints"), entry, name, kind)
    reference = None
    if "itemReference" in entry:
        where = (*at, "itemReference")
        item = document.object(entry["itemReference"], where, _ITEM_REFERENCE, "itemReference")
        reference = ItemReference(str(item.get("resource", "")), str(item.get("field", "")))
    if "itemPattern" in entry and not _is_pattern(entry["itemPattern"]):
        message = f'the pattern of "{name}" is no regular expression'
        document.wrong((*at, "itemPattern"), message, _PATTERN_HINT)
    if "vocabulary" in entry and kind == "string" and "enum" not in constraints:
        message = f'"{name}" has a vocabulary but no enum'
        document.wrong(at, message, "list its codes as the table of codes has them")
    if len(document.issues) > before:
        return None
    field = Field(
        name=name,
        title=texts.get("title", ""),
        description=texts.get("description", ""),
        type=kind,
        example=entry.get("example"),
        vocabulary=texts.get("vocabulary"),
        item_reference=reference,
        item_pattern=entry.get("itemPattern"),
        delimiter=texts.get("delimiter", ";"),
        **constraints,
    )
    _example(document, at, field)
    return field


_RENAMED = {"minLength": "min_length", "maxLength": "max_length"}


def _constraints(
    document: Document, at: places.Pointer, entry: dict[str, Any], name: str, kind: str
) -> dict[str, Any]:
    if "constraints" not in entry:
        return {}
    value = document.object(entry["constraints"], at, _CONSTRAINTS, f'the constraints of "{name}"')
    result: dict[str, Any] = {}
    for key, wanted in value.items():
        here = (*at, key)
        if key not in _CONSTRAINTS[1]:
            continue
        if key not in TYPES[kind].constraints:
            some = ", ".join(sorted(TYPES[kind].constraints))
            message = f'"{key}" is no constraint of the type {kind}'
            document.wrong(here, message, f"it has {some}")
        elif key in ("required", "unique") and not isinstance(wanted, bool):
            document.wrong(here, f'"{key}" must be true or false', "without quotation marks")
        elif key in _RENAMED and (type(wanted) is not int or wanted < 0):
            document.wrong(here, f'"{key}" must be a whole number', "write it in digits")
        elif key in ("minimum", "maximum") and not _is_bound(wanted, kind):
            message = f'"{key}" must be a value of the type {kind}'
            document.wrong(here, message, "write it without quotation marks")
        elif key == "pattern" and not _is_pattern(wanted):
            message = f'the pattern of "{name}" is no regular expression'
            document.wrong(here, message, _PATTERN_HINT)
        elif key == "enum":
            result["enum"] = _enum(document, here, wanted)
        else:
            result[_RENAMED.get(key, key)] = wanted
    for low, high in (("minimum", "maximum"), ("min_length", "max_length")):
        if low in result and high in result and result[low] > result[high]:
            message = f'the bounds of "{name}" leave no value'
            document.wrong(at, message, "the lower bound is the smaller one")
    return result


def _is_bound(value: Any, kind: str) -> bool:
    if kind == "integer":
        return type(value) is int
    if kind == "number":
        return type(value) in (int, float)
    return False


def _is_pattern(value: Any) -> bool:
    try:
        with warnings.catch_warnings():
            # What a coming Python may read otherwise is not for the curator's terminal.
            warnings.simplefilter("error", FutureWarning)
            re.compile(value)
    except (re.error, TypeError, RecursionError, FutureWarning):
        return False
    # A bare alternative is anchored differently by different engines.
    return isinstance(value, str) and value.startswith("^(") and value.endswith(")$")


def _enum(document: Document, at: places.Pointer, value: Any) -> tuple[str, ...]:
    codes: list[str] = []
    for number, code in enumerate(document.array(value, at, '"enum"')):
        text = document.text(code, (*at, number), "a code")
        if text in codes:
            document.wrong((*at, number), f'the code "{text}" stands twice', "keep it once")
        codes.append(text)
    if isinstance(value, list) and not codes:
        document.wrong(at, "the enum is empty", "list the codes, or remove it")
    return tuple(codes)


def _example(document: Document, at: places.Pointer, field: Field) -> None:
    """Check that the example is what the field asks for, and that the type is the narrowest."""
    here = (*at, "example")
    example = field.example
    native: dict[str, tuple[type, ...]] = {
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    if field.type in native:
        if not isinstance(example, native[field.type]) or (
            isinstance(example, bool) and field.type != "boolean"
        ):
            message = f'the example of "{field.name}" is not of type {field.type}'
            document.wrong(here, message, _EXAMPLE_HINT)
            return
        value: Any = example
    else:
        if not isinstance(example, str) or not example:
            document.wrong(here, f'the example of "{field.name}" must be a text', _EXAMPLE_HINT)
            return
        try:
            value = field.parse(example)
        except ValueError as error:
            message = f'the example of "{field.name}" is not valid'
            document.wrong(here, message, str(error))
            return
    # An example that is a date shows that a date was meant, except where any column's own form
    # may stand.
    if field.type == "string" and DATE.fullmatch(str(example)) and field.name != "value":
        message = f'"{field.name}" is a string but its example is a date'
        document.wrong((*at, "type"), message, 'write "date"')
    for constraint in field.constraints:
        if not constraint.test(value):
            message = f'the example of "{field.name}" {constraint.words}'
            document.wrong(here, message, _EXAMPLE_HINT)
