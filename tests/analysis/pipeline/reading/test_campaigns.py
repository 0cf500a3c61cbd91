"""Copies of a letter are found however they were edited; people who agree are not copies."""

from __future__ import annotations

import itertools
import random
import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from analysis.pipeline import Config
from analysis.pipeline.reading import campaigns
from tests.analysis.pipeline import corpus

CONFIG = Config()
SUBJECTS = [
    "library", "ferry", "clinic", "bridge", "harbour", "school", "airport", "museum",
    "market", "stadium", "forest", "river",
]  # fmt: skip
NOUNS = tuple(
    """
    council budget morning winter family visit street petition meeting report season decision
    village crossing ticket engineer record shelter teacher nurse carpenter orchard engine
    window
    """.split()  # noqa: SIM905 - reads as a list of words
)
VERBS = tuple(
    """
    protect repair close extend review fund replace support cancel study widen paint measure
    """.split()  # noqa: SIM905 - reads as a list of words
)


def letter(subject: str, chance: random.Random) -> list[str]:
    """Six sentences that no other subject's letter shares."""
    return [
        " ".join(
            [
                "we" if chance.random() < 0.5 else "they",
                chance.choice(VERBS),
                "the",
                subject,
                *chance.choices(NOUNS, k=7),
                chance.choice(VERBS),
                *chance.choices(NOUNS, k=4),
            ]
        )
        + "."
        for _ in range(6)
    ]


def edited(sentences: list[str], level: int, chance: random.Random) -> str:
    """0 a copy; 1 greeting, 2 % changed; 2 a sentence dropped, 6 %; 3 shuffled, 10 %; 4 cut to
    60 %, 20 % changed: the levels of the method's measurements.
    """
    kept = list(sentences)
    if level == 2:
        kept.pop(chance.randrange(len(kept)))
    if level == 3:
        chance.shuffle(kept)
    if level == 4:
        kept = kept[: round(len(kept) * 0.6)]
    changed = [0.0, 0.02, 0.06, 0.1, 0.2][level]
    words = [
        chance.choice(NOUNS) if chance.random() < changed else word
        for word in " ".join(kept).split()
    ]
    greeting = "Dear minister, good day. " if level == 1 else ""
    return greeting + " ".join(words)


def corpus_with_campaigns(copies: int) -> tuple[list[str], list[int]]:
    """Texts and the letter each came from (-1 for none), shuffled."""
    chance = random.Random(7)
    texts: list[tuple[str, int]] = []
    for number, subject in enumerate(SUBJECTS):
        sentences = letter(subject, chance)
        texts += [(edited(sentences, i % 5, chance), number) for i in range(copies)]
    for _ in range(150):
        own = letter(chance.choice(NOUNS), chance)
        texts.append((" ".join(own[: chance.randint(2, 6)]), -1))
    texts += [(document.text, -1) for document in corpus.documents()]
    chance.shuffle(texts)
    return [text for text, _ in texts], [number for _, number in texts]


def pair_f1(groups: list[tuple[int, ...]], truth: list[int]) -> float:
    found = {
        (min(a, b), max(a, b)) for group in groups for a, b in itertools.combinations(group, 2)
    }
    real = {
        (a, b) for a, b in itertools.combinations(range(len(truth)), 2) if truth[a] == truth[b] >= 0
    }
    return 2 * len(found & real) / (len(found) + len(real))


def test_edited_and_shuffled_copies_are_put_together() -> None:
    texts, truth = corpus_with_campaigns(25)
    assert pair_f1(list(campaigns.find(texts, CONFIG).groups), truth) >= 0.9


def test_no_sentence_written_independently_is_called_a_letter() -> None:
    texts = [document.text for document in corpus.documents()]
    assert campaigns.find(texts, CONFIG).groups == ()


def test_the_order_of_the_texts_does_not_change_who_is_together() -> None:
    texts, _ = corpus_with_campaigns(6)
    order = random.Random(1).sample(range(len(texts)), len(texts))
    first = {frozenset(texts[i] for i in g) for g in campaigns.find(texts, CONFIG).groups}
    moved = [texts[i] for i in order]
    again = {frozenset(moved[i] for i in g) for g in campaigns.find(moved, CONFIG).groups}
    assert first == again


def test_a_chain_of_half_similar_letters_is_not_one_letter() -> None:
    chance = random.Random(3)
    blocks = [" ".join(letter(subject, chance)[:3]) for subject in SUBJECTS]
    texts = [f"{a} {b}" for a, b in itertools.pairwise(blocks) for _ in range(3)]
    groups = campaigns.find(texts, CONFIG).groups
    assert max(len(group) for group in groups) <= 9
    assert len(groups) >= 4


def test_two_copies_are_not_a_campaign_and_short_agreement_is_none_either() -> None:
    assert campaigns.find([corpus.ENGLISH_LETTER] * 2, CONFIG).groups == ()
    assert campaigns.find(["The wait is too long."] * 50, CONFIG).groups == ()
    assert len(campaigns.find([corpus.ENGLISH_LETTER] * 3, CONFIG).groups) == 1


def test_letters_of_people_who_changed_much_are_found() -> None:
    texts, truth = corpus_with_campaigns(25)
    inside = {index for group in campaigns.find(texts, CONFIG).groups for index in group}
    sent = [index for index, letter in enumerate(truth) if letter >= 0]
    assert len(inside & set(sent)) >= 0.95 * len(sent)


def test_an_own_story_longer_than_the_letter_does_not_hide_it() -> None:
    chance = random.Random(5)
    petition = " ".join(letter("ferry", chance))
    stories = [" ".join(letter(subject, chance) * 2) for subject in SUBJECTS[:3]]
    texts = [petition, *(f"{story} {petition}" for story in stories)]
    assert campaigns.find(texts, CONFIG).groups == ((0, 1, 2, 3),)


def test_an_address_pasted_under_different_comments_makes_no_letter() -> None:
    chance = random.Random(6)
    link = "https://example.org/consultations/winter/ferry/between/island/and/mainland/2026/03/have"
    texts = [f"{letter(subject, chance)[0]} {link}" for subject in SUBJECTS]
    assert campaigns.find(texts, CONFIG).groups == ()


def test_case_accents_typed_apart_and_punctuation_make_no_other_letter() -> None:
    text = "L'école du village doit rester ouverte, car trente enfants y apprennent à lire."
    copies = [text, text.upper(), unicodedata.normalize("NFD", text).replace("'", "\u2019")]
    assert campaigns.find(copies, CONFIG).groups == ((0, 1, 2),)


@given(st.lists(st.text(max_size=80), max_size=12))
def test_any_texts_at_all_are_read_and_nobody_is_in_two_letters(texts: list[str]) -> None:
    groups = campaigns.find([*texts, corpus.ENGLISH_LETTER] * 3, CONFIG).groups
    together = list(itertools.chain.from_iterable(groups))
    assert len(together) == len(set(together))
    assert all(len(group) >= CONFIG.campaign_minimum_size for group in groups)
    assert any(len(texts) in group for group in groups)


@given(st.lists(st.sampled_from("the ferry is late again école été".split()), max_size=9))  # noqa: SIM905
def test_runs_of_words_are_the_same_alone_and_read_with_others(words: list[str]) -> None:
    text = " ".join(words)
    alone = campaigns.shingles(text, 2)
    assert campaigns.shingles_of(["Another text.", text, ""], 2)[1] == alone
    assert len(alone) == len(set(itertools.pairwise(words)))


def test_eight_thousand_texts_take_about_a_second() -> None:
    texts, _ = corpus_with_campaigns(50)
    texts = [f"{text} {i}" for i, text in enumerate(texts * 20)][:8000]
    began = time.process_time()
    campaigns.find(texts, CONFIG)
    # Processor time, and several times the target: a slow machine passes, a comparison of all
    # pairs does not.
    assert time.process_time() - began < 6


TOPICS = (
    "the new ferry terminal in the harbour opens with three berths", "salmon counts on the river",
    "a fund for rural clinics that lost their only nurse", "bridge repairs near the old mill",
    "grants to bakers who train apprentices over two summers", "wildfire maps for the mountains",
    "a night train that stops at every town along the line", "oyster beds after the storm",
    "loans for greenhouses heated by the wood of fallen trees", "school meals cooked on the spot",
    "the census of barn owls and what farmers may do for them", "ice roads that melt too early",
)  # fmt: skip


def test_a_frame_that_many_texts_share_is_no_letter() -> None:
    """A title, a name and thanks around words of one's own, as notices and polite people write."""
    notices = [
        f"The Honourable Jane Roe, Minister of Public Works, will hold a news event on {topic}."
        " Please note that all details are subject to change and all times are local."
        for topic in TOPICS
    ]
    assert campaigns.find(notices, Config()).groups == ()
    # A notice sent again and again is one still, in the same frame.
    again = [notices[0], notices[0].upper(), f" {notices[0]}"]
    (group,) = campaigns.find([*notices[1:], *again], Config()).groups
    assert sorted(group) == [11, 12, 13]


def test_short_answers_in_the_same_words_are_repeats_and_like_ones_are_not() -> None:
    texts = [
        "Free parking downtown", "free parking downtown!", "Free parking downtown, please.",
        "Free parking uptown", "Stationnement gratuit", "STATIONNEMENT GRATUIT, merci",
        "Thank you", "Parking",
    ]  # fmt: skip
    languages = ["en", "en", "en", "en", "fr", "fr", "en", "en"]
    assert campaigns.find_repeats(texts, languages, campaigns.Letters(())) == ((0, 1, 2), (4, 5))
    assert campaigns.find_repeats(
        texts, ["en", "fr", *languages[2:]], campaigns.Letters(((4, 5),))
    ) == ((0, 2),)
