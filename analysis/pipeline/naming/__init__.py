"""Stage 4: themes to names, keywords, a sentence and quotes in both languages."""

from .describe import describe_themes
from .named import NamedThemes, name_themes
from .proposed import Asked, Namer, NamerFault
from .served import NamerError, ServedNamer

__all__ = [
    "Asked",
    "NamedThemes",
    "Namer",
    "NamerError",
    "NamerFault",
    "ServedNamer",
    "describe_themes",
    "name_themes",
]
