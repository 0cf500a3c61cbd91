"""Stage 6: each passage to its theme, found just now or given beforehand."""

from .assignments import assignments
from .codebook import Codebook, CodebookError, Example, FrameTheme, Matcher, Matches
from .examples import ExampleMatcher, ThemeRidge
from .frames import FrameMatcher
from .matching import MatchedPassages, match_passages, matched_themes, matcher_for
from .state import StateError, ThemeState, keep_state, match_state

__all__ = [
    "Codebook",
    "CodebookError",
    "Example",
    "ExampleMatcher",
    "FrameMatcher",
    "FrameTheme",
    "MatchedPassages",
    "Matcher",
    "Matches",
    "StateError",
    "ThemeRidge",
    "ThemeState",
    "assignments",
    "keep_state",
    "match_passages",
    "match_state",
    "matched_themes",
    "matcher_for",
]
