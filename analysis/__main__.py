"""``consult-themes`` and ``python -m analysis``: themes from a spreadsheet, without the site."""

from __future__ import annotations

import os
import sys
import warnings

from analysis.spreadsheet.command import main


def run(prog: str = "consult-themes") -> int:
    """The command in a process of its own; its exit code."""
    # One process a core, one thread of linear algebra in each. NumPy, which is not imported yet,
    # makes its threads when it is; those that must then stand still still take a twentieth.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # What a library tells programmers is nothing an analyst can act on; python -W asks for it.
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    return main(prog=prog)


if __name__ == "__main__":
    sys.exit(run("python -m analysis"))
