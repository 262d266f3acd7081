"""Tables shared between processes: the same report, whatever becomes of the other process."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from crink_events import forking
from tests.conftest import ROOT, Bench
from tests.synthetic import write_package

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone")

#: Runs in a process of its own: this one has threads, and must not be copied.
SETUP = """
import os, sys
from crink_events import forking
from crink_events.descriptors import read_contract
from crink_events.layers import shares
from crink_events.validation import validate
shares._SHARED = 0
"""


def python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", SETUP + textwrap.dedent(code), *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SAME = """
    package = read_contract(sys.argv[1])
    alone = shares.check(package, bulk=False)
    for processes in (2, 3, 20):
        for bulk in (False, True):
            shared = shares.check(package, processes, bulk=bulk)
            assert sorted(shared.issues) == sorted(alone.issues), (processes, bulk)
            assert (shared.rows, shared.lost) == (alone.rows, alone.lost), (processes, bulk)
    print(len(alone.issues))
"""


def test_the_same_report_from_one_process_and_from_many(tmp_path: Path) -> None:
    written = write_package(tmp_path / "broken", 300, broken=0.03)
    assert int(python(SAME, str(tmp_path / "broken"))) > len(written.faults) / 2
    write_package(tmp_path / "clean", 300)
    assert python(SAME, str(tmp_path / "clean")) == "0\n"


def test_missing_and_broken_files_in_many_processes(bench: Bench) -> None:
    bench.path("events").unlink()
    bench.path("sources").write_bytes(b"\xff\xfe")
    bench.path("codes").write_text('vocabulary,code\n"never closed\n')
    assert int(python(SAME, str(bench.root))) > 3


@pytest.mark.parametrize("how", ["os._exit(1)", "os.kill(os.getpid(), 9)", "1 / 0"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_costs_nothing(how: str, when: str, bench: Bench) -> None:
    bench.edit("events", 0, act="pledged")
    code = f"""
        package = read_contract(sys.argv[1])
        whole = sorted(shares.check(package).issues)
        home, real = os.getpid(), shares._Share.check
        def check(share, bulk):
            if os.getpid() != home and {when == "before"}:
                {how}
            found = real(share, bulk)
            if os.getpid() != home:
                {how}
            return found
        shares._Share.check = check
        assert sorted(shares.check(package, 2).issues) == whole != []
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            print("no child is left")
    """
    assert python(code, str(bench.root)) == "no child is left\n"


def test_a_process_with_threads_is_not_copied() -> None:
    code = """
        import threading
        before = forking.processes()
        event = threading.Event()
        thread = threading.Thread(target=event.wait)
        thread.start()
        print(before == len(os.sched_getaffinity(0)), forking.processes())
        event.set()
        thread.join()
        import pyarrow
        print(forking.processes())
    """
    assert python(code) == "True 1\n1\n"
    assert forking.processes() == 1, "the tests have pandas loaded"


def test_values_of_any_kind_pass_the_channel() -> None:
    code = """
        from decimal import Decimal
        values = [{("a", ("b",)): {("x", 1, None)}}, Decimal("1.5"), "x" * 1_000_000, None]
        def echo(channel):
            for _ in values:
                channel.send(channel.receive())
        with forking.child(echo) as channel:
            for value in values:
                channel.send(value)
                assert channel.receive() == value
        print("ok")
    """
    assert python(code) == "ok\n"
