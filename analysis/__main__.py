"""``python -m analysis``: themes from a spreadsheet, without the site."""

from __future__ import annotations

import sys

from analysis.spreadsheet.command import main

if __name__ == "__main__":
    sys.exit(main())
