"""Reading the contract's files, and saying all that is wrong with them at its line and character.

A contract is refused for what would otherwise be ignored: unknown keys, constraints that a type
does not have, keys that lead nowhere, examples that break their own field.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from crink_events import places
from crink_events.contract import DATE, TYPES, Field, ForeignKey, Package, Reference, Table
from crink_events.report import Issue, nearest

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


class ContractError(Exception):
    """The contract cannot be used; ``issues`` says why, with places."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = issues


# Keys by level: those that must stand there, and those that may. Any other is an error.
_PACKAGE = (
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
_CONTRIBUTOR = ({"title"}, {"path", "roles", "organization", "givenName", "familyName"})

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

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PACKAGE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_VERSION = re.compile(r"\d+\.\d+\.\d+([.-]?(a|b|rc|dev|post)\d+)?")
#: Names that say a type: a slip in a schema shows here before it spoils the data.
_TYPE_BY_NAME = (
    (re.compile(r".*_(on|date)|valid_(from|to)|period_(start|end)"), "date"),
    (re.compile(r".*_(no|years|code)|position"), "integer"),
    (re.compile(r"latitude|longitude|low|best|high"), "number"),
    (re.compile(r".*_id"), "string"),
)


class _Document:
    """A JSON file of the contract that collects what is wrong with it."""

    def __init__(self, root: Path, name: str, issues: list[Issue]) -> None:
        self.name = name
        self.issues = issues
        self.value: Any = None
        self.places: dict[places.Pointer, places.Place] = {}
        text = _read_text(root, name, issues)
        if text is None:
            return
        try:
            self.value, self.places = places.parse(text)
        except places.JsonError as error:
            place = error.place
            message = f"not a JSON document: {error}"
            issues.append(Issue(name, place.line, str(place.column), "contract-error", message))

    def wrong(self, pointer: places.Pointer, message: str, hint: str = "") -> None:
        at = pointer
        while at and at not in self.places:
            at = at[:-1]
        place = self.places.get(at, places.Place(1, 1))
        self.issues.append(
            Issue(self.name, place.line, str(place.column), "contract-error", message, hint=hint)
        )

    def object(
        self, value: Any, pointer: places.Pointer, keys: tuple[set[str], set[str]], what: str
    ) -> dict[str, Any]:
        """Return the value if it is an object, after checking its keys; else an empty one."""
        if not isinstance(value, dict):
            self.wrong(pointer, f"{what} must be an object")
            return {}
        must, may = keys
        for key in value:
            if key not in must | may:
                hint = nearest(key, sorted(must | may))
                self.wrong((*pointer, key), f'unknown key "{key}" in {what}', hint)
        for key in sorted(must - value.keys()):
            self.wrong(pointer, f'{what} has no "{key}"')
        return value

    def array(self, value: Any, pointer: places.Pointer, what: str) -> list[Any]:
        if not isinstance(value, list):
            self.wrong(pointer, f"{what} must be an array")
            return []
        return value

    def text(self, value: Any, pointer: places.Pointer, what: str, blank: bool = False) -> str:
        if not isinstance(value, str) or (not blank and not value.strip()):
            self.wrong(pointer, f"{what} must be a text that is not blank")
            return ""
        return value

    def expect(
        self, mapping: Mapping[str, Any], pointer: places.Pointer, key: str, to: Any
    ) -> None:
        if key in mapping and (mapping[key] != to or type(mapping[key]) is not type(to)):
            wanted = json.dumps(to, ensure_ascii=False)
            self.wrong((*pointer, key), f'"{key}" must be {wanted}')


def _read_text(root: Path, name: str, issues: list[Issue]) -> str | None:
    try:
        data = (root / name).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        issues.append(Issue(name, 0, "", "package-error", f"cannot be read: {reason}"))
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
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        issues.append(Issue(name, line, str(column), "encoding-error", message))
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
    index = _Document(root, "datapackage.json", issues)
    if issues and index.value is None:
        raise ContractError(issues)
    package = index.object(index.value, (), _PACKAGE, "the package")
    index.expect(package, (), "$schema", PACKAGE_PROFILE)
    texts = dict.fromkeys(("name", "title", "description", "version"), "")
    for key in texts.keys() & package.keys():
        texts[key] = index.text(package[key], (key,), f'"{key}"')
    if texts["name"] and not _PACKAGE_NAME.fullmatch(texts["name"]):
        index.wrong(("name",), f'"{texts["name"]}" is no package name')
    if texts["version"] and not _VERSION.fullmatch(texts["version"]):
        index.wrong(("version",), f'"{texts["version"]}" is no version', "write MAJOR.MINOR.PATCH")
    created = _created(index, package.get("created", ""))
    licence = _licence(index, package.get("licenses", []))
    for number, entry in enumerate(
        index.array(package.get("contributors", []), ("contributors",), '"contributors"')
    ):
        index.object(entry, ("contributors", number), _CONTRIBUTOR, "a contributor")
    for number, word in enumerate(
        index.array(package.get("keywords", []), ("keywords",), '"keywords"')
    ):
        index.text(word, ("keywords", number), "a keyword")

    tables: dict[str, Table] = {}
    documents = {"datapackage.json": index}
    resources = index.array(package.get("resources", []), ("resources",), '"resources"')
    for number, resource in enumerate(resources):
        table = _table(index, number, resource, root, documents)
        if table is None:
            continue
        if table.name in tables:
            index.wrong(("resources", number, "name"), f'two resources are called "{table.name}"')
        tables[table.name] = table
    if isinstance(package.get("resources"), list) and not resources:
        index.wrong(("resources",), "the package has no resource")
    for table in tables.values():
        _references(documents[table.schema_path], table, tables)
    _same_names(documents, tables)
    if issues:
        raise ContractError(sorted(set(issues)))
    found = {name: document.places for name, document in documents.items()}
    return Package(
        root=root, licence=licence, created=created, tables=tables, places=found, **texts
    )


def _created(index: _Document, text: Any) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").date()
    except (TypeError, ValueError):
        if text != "":
            message = '"created" is no time'
            index.wrong(("created",), message, "write it as 2026-11-22T00:00:00Z")
        return dt.date.min


def _licence(index: _Document, licences: Any) -> str:
    name = ""
    for number, entry in enumerate(index.array(licences, ("licenses",), '"licenses"')):
        licence = index.object(entry, ("licenses", number), _LICENCE, "a licence")
        if "name" in licence:
            name = name or index.text(licence["name"], ("licenses", number, "name"), '"name"')
        if "path" in licence and not str(licence["path"]).startswith("https://"):
            index.wrong(("licenses", number, "path"), "the path of a licence is its address")
    return name


def _inside(path: str) -> bool:
    """Whether a path is relative, plain and stays in the package."""
    pure = PurePosixPath(path)
    return not (
        pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or str(pure) != path
    )


def _table(
    index: _Document, number: int, value: Any, root: Path, documents: dict[str, _Document]
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
        index.wrong((*at, "name"), f'"{texts["name"]}" is no name of a table')
    for key in ("path", "schema"):
        if texts[key] and not _inside(texts[key]):
            index.wrong((*at, key), f'"{texts[key]}" leaves the package', "use a relative path")
        elif key == "schema" and texts[key] and not (root / texts[key]).is_file():
            index.wrong((*at, key), f'there is no file "{texts[key]}"')
        elif texts[key] and texts["name"] and PurePosixPath(texts[key]).stem != texts["name"]:
            message = f'"{texts[key]}" is not the file of the table "{texts["name"]}"'
            index.wrong((*at, key), message, "file and table have one name")
    if len(index.issues) > before or not texts["schema"]:
        return None
    return _schema(index.issues, texts, root, documents)


def _schema(
    issues: list[Issue], texts: dict[str, str], root: Path, documents: dict[str, _Document]
) -> Table | None:
    document = _Document(root, texts["schema"], issues)
    documents[texts["schema"]] = document
    if document.value is None and document.places == {}:
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
            document.wrong(("fields", number, "name"), f'two fields are called "{field.name}"')
        fields.append(field)
    names = [field.name for field in fields]
    primary = _names(document, schema.get("primaryKey", []), ("primaryKey",), names)
    if "primaryKey" in schema and not primary:
        document.wrong(("primaryKey",), "the primary key names no field")
    for field in fields:
        if field.name in primary and not field.required:
            at: places.Pointer = ("fields", names.index(field.name), "constraints")
            document.wrong(at, f'"{field.name}" is in the primary key and must be required')
    foreign = []
    declared = document.array(schema.get("foreignKeys", []), ("foreignKeys",), '"foreignKeys"')
    for number, value in enumerate(declared):
        if value in declared[:number]:
            document.wrong(("foreignKeys", number), "the foreign key stands twice")
        foreign.append(_foreign_key(document, ("foreignKeys", number), value, names))
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


def _names(
    document: _Document, value: Any, at: places.Pointer, known: list[str]
) -> tuple[str, ...]:
    found = []
    for number, name in enumerate(document.array(value, at, f'"{at[-1]}"')):
        if name not in known:
            hint = nearest(str(name), known)
            document.wrong((*at, number), f'there is no field "{name}"', hint)
        elif name in found:
            document.wrong((*at, number), f'"{name}" stands twice')
        else:
            found.append(name)
    return tuple(found)


def _foreign_key(
    document: _Document, at: places.Pointer, value: Any, names: list[str]
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


def _references(document: _Document, table: Table, tables: Mapping[str, Table]) -> None:
    """Check that foreign keys and lists point to keys of the same types."""
    schema = document.value if isinstance(document.value, dict) else {}
    for number, key in enumerate(table.foreign_keys):
        at: places.Pointer = ("foreignKeys", number, "reference")
        name = key.table or table.name
        if name not in tables:
            hint = nearest(name, list(tables))
            document.wrong((*at, "resource"), f'there is no table "{name}"', hint)
            continue
        other = tables[name]
        if key.references != other.primary_key:
            wanted = ", ".join(other.primary_key)
            document.wrong((*at, "fields"), f'the key of "{name}" is {wanted}')
        elif len(key.fields) != len(key.references):
            document.wrong((*at, "fields"), "both sides must name as many fields")
        else:
            for mine, theirs in zip(key.fields, key.references, strict=True):
                if table.field(mine).type != other.field(theirs).type:
                    document.wrong(at, f'"{mine}" and "{name}.{theirs}" have different types')
    for number, field in enumerate(table.fields):
        here: places.Pointer = ("fields", number, "itemReference")
        target = field.item_reference
        if target and (
            target.table not in tables or tables[target.table].primary_key != (target.field,)
        ):
            document.wrong(here, f'"{target.table}.{target.field}" is no key of a table')
    # A field that has the name of another table's key is a reference and must be declared as one.
    own = set(table.primary_key) if len(table.primary_key) == 1 else set[str]()
    declared = {name for key in table.foreign_keys for name in key.fields}
    keys = {t.primary_key[0]: t.name for t in tables.values() if len(t.primary_key) == 1}
    declared_fields = schema.get("fields", [])
    for number, value in enumerate(declared_fields if isinstance(declared_fields, list) else []):
        label = value.get("name") if isinstance(value, dict) else None
        if label in keys and label not in own | declared:
            at = ("fields", number, "name")
            document.wrong(at, f'"{label}" is the key of "{keys[label]}" but no foreign key here')


def _same_names(documents: Mapping[str, _Document], tables: Mapping[str, Table]) -> None:
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
                document.wrong(at, message)


def _field(document: _Document, at: places.Pointer, value: Any) -> Field | None:
    entry = document.object(value, at, _FIELD, "the field")
    before = len(document.issues)
    texts = {
        key: document.text(entry[key], (*at, key), f'"{key}"')
        for key in ("name", "title", "description", "type", "vocabulary", "delimiter")
        if key in entry
    }
    name, kind = texts.get("name", ""), texts.get("type", "")
    if name and not _NAME.fullmatch(name):
        document.wrong((*at, "name"), f'"{name}" is no name of a field')
    if kind and kind not in TYPES:
        hint = nearest(kind, list(TYPES))
        document.wrong((*at, "type"), f'unknown type "{kind}" of "{name}"', hint)
    if not name or kind not in TYPES:
        return None
    for pattern, wanted in _TYPE_BY_NAME:
        if pattern.fullmatch(name) and kind != wanted:
            message = f'"{name}" is of type {wanted} by its name, not {kind}'
            document.wrong((*at, "type"), message)
    document.expect(entry, at, "format", "default")
    if kind == "list":
        document.expect(entry, at, "itemType", "string")
        document.expect(entry, at, "delimiter", ";")
        for key in ("delimiter", "itemType"):
            if key not in entry:
                document.wrong(at, f'the list "{name}" has no "{key}"')
    else:
        for key in ("itemType", "delimiter", "itemReference", "itemPattern"):
            if key in entry:
                document.wrong((*at, key), f'"{key}" is for lists, and "{name}" is a {kind}')
    constraints = _constraints(document, (*at, "constraints"), entry, name, kind)
    reference = None
    if "itemReference" in entry:
        where = (*at, "itemReference")
        item = document.object(entry["itemReference"], where, _ITEM_REFERENCE, "itemReference")
        reference = Reference(str(item.get("resource", "")), str(item.get("field", "")))
    if "itemPattern" in entry and not _is_pattern(entry["itemPattern"]):
        document.wrong((*at, "itemPattern"), f'the pattern of "{name}" is no regular expression')
    if "vocabulary" in entry and kind == "string" and "enum" not in constraints:
        document.wrong(at, f'"{name}" has a vocabulary but no enum')
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
    document: _Document, at: places.Pointer, entry: dict[str, Any], name: str, kind: str
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
            document.wrong(here, f'"{key}" is no constraint of the type {kind}')
        elif key in ("required", "unique") and not isinstance(wanted, bool):
            document.wrong(here, f'"{key}" must be true or false')
        elif key in _RENAMED and (type(wanted) is not int or wanted < 0):
            document.wrong(here, f'"{key}" must be a whole number')
        elif key in ("minimum", "maximum") and not _is_bound(wanted, kind):
            document.wrong(here, f'"{key}" must be a value of the type {kind}')
        elif key == "pattern" and not _is_pattern(wanted):
            document.wrong(here, f'the pattern of "{name}" is no regular expression')
        elif key == "enum":
            result["enum"] = _enum(document, here, wanted)
        else:
            result[_RENAMED.get(key, key)] = wanted
    for low, high in (("minimum", "maximum"), ("min_length", "max_length")):
        if low in result and high in result and result[low] > result[high]:
            document.wrong(at, f'the bounds of "{name}" leave no value')
    return result


def _is_bound(value: Any, kind: str) -> bool:
    if kind == "integer":
        return type(value) is int
    if kind == "number":
        return type(value) in (int, float)
    return False


def _is_pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError, RecursionError):
        return False
    # A bare alternative is anchored differently by different engines.
    return isinstance(value, str) and value.startswith("^(") and value.endswith(")$")


def _enum(document: _Document, at: places.Pointer, value: Any) -> tuple[str, ...]:
    codes: list[str] = []
    for number, code in enumerate(document.array(value, at, '"enum"')):
        text = document.text(code, (*at, number), "a code")
        if text in codes:
            document.wrong((*at, number), f'the code "{text}" stands twice')
        codes.append(text)
    if isinstance(value, list) and not codes:
        document.wrong(at, "the enum is empty")
    return tuple(codes)


def _example(document: _Document, at: places.Pointer, field: Field) -> None:
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
            document.wrong(here, f'the example of "{field.name}" is not of type {field.type}')
            return
        value: Any = example
    else:
        if not isinstance(example, str) or not example:
            document.wrong(here, f'the example of "{field.name}" must be a text')
            return
        try:
            value = field.parse(example)
        except ValueError as error:
            document.wrong(here, f'the example of "{field.name}" is not valid: {error}')
            return
    # An example that is a date shows that a date was meant, except where any column's own form
    # may stand.
    if field.type == "string" and DATE.fullmatch(str(example)) and field.name != "value":
        document.wrong((*at, "type"), f'"{field.name}" is a string but its example is a date')
    for _, words, test in field.constraints:
        if not test(value):
            document.wrong(here, f'the example of "{field.name}" {words}')
