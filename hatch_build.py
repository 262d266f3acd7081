"""Build hook: the wheel carries Parquet compiled from ``data/``.

The contract's own checks and the codebook's rules run here; an invalid dataset cannot become a
wheel. pandera and frictionless are left to ``crink-events validate``: they would have to be
installed into every build environment.
"""

from __future__ import annotations

import compileall
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileData(BuildHookInterface):  # type: ignore[type-arg]
    """Compile ``data/`` into ``crink_events/_data/`` before the files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from crink_events.building import InvalidDataError, build

        try:
            build(root, root / "crink_events" / "_data")
        except InvalidDataError as error:
            # The message must survive the build front-end, which shows a traceback of its own.
            sys.exit(f"\nThe dataset is not valid, and no wheel is made of it:\n\n{error}\n")
        if version == "editable":
            # The modules of a wheel are compiled when it is installed; those of a checkout would
            # be at every start, where bytecode may not be written.
            compileall.compile_dir(root / "crink_events", quiet=1)
