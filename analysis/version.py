"""The version, here and nowhere else: the package, ``--version`` and the tests read it."""

__version__ = "0.1.0"
