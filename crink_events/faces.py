"""The faces of a report beside its plain text: for machines, for GitHub, for test runners.

The JSON face follows ``report.schema.json`` in this package.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from crink_events.report import Issue, Report

#: Version of the JSON face; a field that goes or changes its meaning raises it.
VERSION = 1

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET


#: The faces by name.
FACES = ("text", "json", "github", "junit")


def said(report: Report, face: str, root: str, limit: int) -> str:
    """Say a report in one of its faces.

    Parameters
    ----------
    report
        The report.
    face
        One of :data:`FACES`.
    root
        Folder of the package.
    limit
        Examples a rule and file in text; 0 shows all.
    """
    if face == "text":
        return report.to_text(limit)
    if face == "github":
        return to_github(report, os.path.relpath(root))
    return to_json(report) if face == "json" else to_junit(report)


def to_json(report: Report) -> str:
    """Say a report as a JSON object; no issue that was asked for is left out."""
    return json.dumps(
        {
            "version": VERSION,
            "valid": report.valid,
            "errors": report.errors,
            "warnings": report.warnings,
            "unshown": len(report.unshown),
            "layers": list(report.layers),
            "rows": report.rows,
            "issues": [issue._asdict() for issue in report.issues],
        },
        ensure_ascii=False,
        indent=2,
    )


def to_github(report: Report, folder: str = ".") -> str:
    """Say a report as workflow commands, which GitHub shows at the lines of a pull request.

    Parameters
    ----------
    report
        The report.
    folder
        Folder of the package as seen from the top of the repository.
    """
    return "\n".join([*_annotations(report, folder), report.verdict()])


def _annotations(report: Report, folder: str) -> Iterator[str]:
    for issue in report.issues:
        file = (PurePath(folder) / issue.file).as_posix()
        place = {"file": file, "line": str(issue.line)} if issue.line else {"file": file}
        place["title"] = f"{issue.rule} {issue.column}".strip()
        properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
        yield f"::{issue.severity} {properties}::{_data(issue.words())}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def to_junit(report: Report) -> str:
    """Say a report as JUnit XML: a suite a file, a case a rule that has something to say there.

    A table without issues is a suite with one case that passes. Warnings are cases that pass, and
    stand in their output.
    """
    from xml.etree import ElementTree as ET

    files: dict[str, dict[str, list[Issue]]] = {
        f"data/{name}.csv": {} for name in sorted(report.rows)
    }
    for issue in report.issues:
        files.setdefault(issue.file, {}).setdefault(issue.rule, []).append(issue)
    root = ET.Element("testsuites", name="crink-events")
    for file, rules in files.items():
        suite = ET.SubElement(root, "testsuite", name=file)
        for rule, issues in (rules or {"valid": []}).items():
            case = ET.SubElement(suite, "testcase", classname=file, name=rule)
            text = "\n".join(map(str, issues))
            if any(issue.severity == "error" for issue in issues):
                failure = ET.SubElement(case, "failure", type=rule, message=issues[0].words())
                failure.text = text
            elif issues:
                ET.SubElement(case, "system-out").text = text
        _count(suite)
    _count(root)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
