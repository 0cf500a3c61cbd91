"""Stage 3: vectors to themes on two levels, or why there are none."""

from .clusters import Clusters, Measures, cluster_passages
from .communities import ThemeClusterer
from .passage_map import draw_map
from .themes import Themes, themes_of

__all__ = [
    "Clusters",
    "Measures",
    "ThemeClusterer",
    "Themes",
    "cluster_passages",
    "draw_map",
    "themes_of",
]
