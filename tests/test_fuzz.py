"""No input whatever ends in a traceback: bytes of real files, changed at random."""

from __future__ import annotations

import random
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from crink_events import faces
from crink_events.layers import shares
from crink_events.validation import validate
from tests.conftest import Bench

SNIPPETS = [
    b"\0", b'"', b"\n", b"\r", b",", b";", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"{", b"}",
    b"[", b"null", b"1e999", b"-0", b"\\u0000", b"\xe2\x80\xae", b"=1+1", b"'", b"\t",
]  # fmt: skip


def damage(rng: random.Random, data: bytes) -> bytes:
    """Change some bytes: flip, insert, delete, repeat, cut off."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(changed) + 1)
        end = min(len(changed), at + rng.choice([1, 1, 2, 10, 200]))
        how = rng.randrange(6)
        if how == 0 and at < len(changed):
            changed[at] = rng.randrange(256)
        elif how == 1:
            changed[at:at] = rng.choice(SNIPPETS) * rng.choice([1, 1, 1, 50])
        elif how == 2:
            del changed[at:end]
        elif how == 3:
            changed[at:at] = changed[at:end]
        elif how == 4 and rng.random() < 0.2:
            del changed[at:]
        else:
            changed[at:end] = rng.choice(SNIPPETS)
    return bytes(changed)


def run(seeds: range, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    good = {path: path.read_bytes() for path in sorted(bench.root.rglob("*.*"))}
    good = {path: data for path, data in good.items() if path.suffix in (".csv", ".json")}
    invalid = 0
    for seed in seeds:
        rng = random.Random(seed)
        path: Path = rng.choice(list(good))
        path.write_bytes(damage(rng, good[path]))
        quick = seed % 5 == 0
        with monkeypatch.context() as patch:
            patch.setattr(shares, "BULK", 0 if quick else 1 << 40)
            report = validate(bench.root, ["contract"] if quick else ["contract", "rules"])
        for text in (report.to_text(0), faces.to_json(report), faces.to_github(report)):
            text.encode()
        ET.fromstring(faces.to_junit(report))
        assert all(issue.hint for issue in report.issues), f"seed {seed}: no hint"
        invalid += not report.valid
        path.write_bytes(good[path])
    assert invalid > len(seeds) / 2


def test_bytes_changed_at_random(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run(range(200), bench, monkeypatch)


@pytest.mark.slow
def test_bytes_changed_at_random_10000(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run(range(1_000, 11_000), bench, monkeypatch)
