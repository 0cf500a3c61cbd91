"""Stage 4: themes to names, keywords, a sentence and quotes in both languages."""

from .describe import describe_themes
from .named import NamedThemes, name_themes

__all__ = ["NamedThemes", "describe_themes", "name_themes"]
