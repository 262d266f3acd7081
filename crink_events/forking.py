"""A second process that begins as a copy of this one, and speaks with it through pipes.

Two tables can be judged at once only by two processes. A fork costs a millisecond where a process
that starts anew would import everything again.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_KILL = 9  # signal.SIGKILL, without the cost of its import
_LENGTH = 8  # bytes that say how long a message is


class ChildError(Exception):
    """The other process ended before it had said all."""


class Channel:
    """One end of the talk between two processes of this program."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._in = os.fdopen(incoming, "rb")
        self._out = os.fdopen(outgoing, "wb")

    def send(self, value: Any) -> None:
        """Give the other process a value (``ChildError`` where it is gone)."""
        try:  # plain values: fast, and nothing to import
            kind, data = b"m", marshal.dumps(value)
        except ValueError:
            import pickle

            kind, data = b"p", pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            self._out.write(kind + len(data).to_bytes(_LENGTH, "big"))
            self._out.write(data)
            self._out.flush()
        except OSError as error:
            raise ChildError(str(error)) from None

    def receive(self) -> Any:
        """Wait for the next value of the other process (``ChildError`` where it is gone)."""
        head = self._in.read(1 + _LENGTH)
        size = int.from_bytes(head[1:], "big")
        data = self._in.read(size)
        if len(head) <= _LENGTH or len(data) < size:
            raise ChildError("it ended in the middle of what it said")
        if head[:1] == b"m":
            return marshal.loads(data)  # noqa: S302  # a copy of this very process wrote it
        import pickle

        return pickle.loads(data)  # noqa: S301  # likewise

    def close(self) -> None:
        """Close both pipes; what was not yet sent is not."""
        for end in (self._in, self._out):
            with suppress(OSError):  # the other process is gone, and what it was sent with it
                end.close()


def processes() -> int:
    """Count the processes that may run at once: 1 where this one must not be copied.

    A copy has one thread only: a lock that another one held would stay locked for ever. Therefore
    a program with threads, or with libraries loaded that have some of their own, is left alone.
    """
    if sys.platform != "linux" or "pyarrow" in sys.modules or "pandas" in sys.modules:
        return 1
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


@contextmanager
def child(work: Callable[[Channel], None]) -> Iterator[Channel]:
    """Run a function in a copy of this process, which ends with the function or this context.

    Parameters
    ----------
    work
        Gets the other end of the channel that the context gives.

    Raises
    ------
    ChildError
        If there can be no other process.
    """
    try:
        to_parent, to_child = os.pipe(), os.pipe()
        number = os.fork()
    except OSError as error:  # too many processes, or files
        raise ChildError(str(error)) from None
    if not number:
        _be_child(work, (to_child[0], to_parent[1]), (to_parent[0], to_child[1]))
    os.close(to_child[0])
    os.close(to_parent[1])
    channel = Channel(to_parent[0], to_child[1])
    try:
        yield channel
    finally:
        # It has said all or shall say no more; to free its memory piece by piece would take long.
        os.kill(number, _KILL)
        channel.close()
        os.waitpid(number, 0)


def _be_child(
    work: Callable[[Channel], None], mine: tuple[int, int], other: tuple[int, int]
) -> None:
    """Work and end, without what this process would do at its end: that is for its parent."""
    code = 1
    try:
        for end in other:
            os.close(end)
        work(Channel(*mine))
        code = 0
    finally:
        os._exit(code)
