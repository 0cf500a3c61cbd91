"""Stage 5: what is to be thought of the themes, measured and in words."""

from .cautions import hardly_written
from .judgement import Judgement, judge_themes
from .proposals import propose_themes

__all__ = ["Judgement", "hardly_written", "judge_themes", "propose_themes"]
