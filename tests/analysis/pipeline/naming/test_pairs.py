"""The English and the French name of a theme name one subject."""

from __future__ import annotations

import numpy as np

from analysis.pipeline import Language
from analysis.pipeline.naming.coverage import Answers, WordVectors
from analysis.pipeline.naming.name import Name
from analysis.pipeline.naming.pairs import best_names
from analysis.pipeline.naming.voices import Voice
from analysis.pipeline.vectors.use import UseEmbedder

EN, FR = Language.EN, Language.FR
PARKING_EN = ["The parking lot is full", "Parking costs too much", "No parking near the door"] * 4
BUS_EN = ["The bus never comes", "More buses in the evening", "The bus stop is far away"] * 4
PARKING_FR = ["Le stationnement est plein", "Le stationnement coûte cher"] * 4
BUS_FR = ["L'autobus ne passe pas", "Plus d'autobus le soir"] * 4

embedder = UseEmbedder()
words = WordVectors(embedder)


def voice(texts: list[str], language: Language) -> Voice:
    heard = Answers(texts, language, embedder.embed(texts), words)
    weights = dict.fromkeys(range(len(texts)), 1.0)
    return Voice(list(weights), weights, {}, [], (), (), heard=heard)


def name(text: str, worth: float, said: Voice, like: str | None = None) -> Name:
    """A name of one part, said by the texts that mean it; ``like`` has it mean something else."""
    meant = words.of([text])
    assert said.heard is not None
    vector = words.of([like])[0] if like else meant[0]
    part = frozenset([text.lower()])
    return Name(
        text, (part,), worth, True, vector=vector, subjects=(text,), meant=meant,
        says=said.heard.meant(meant).max(axis=0),
    )  # fmt: skip


def test_a_pair_is_said_by_the_same_answers_however_well_each_is_supported() -> None:
    voices = {EN: voice(PARKING_EN + BUS_EN, EN), FR: voice(PARKING_FR + BUS_FR, FR)}
    offers = {
        EN: [name("Parking", 1.0, voices[EN])],
        # As near in meaning as the other, and better supported; but other answers say it.
        FR: [
            name("Autobus", 1.0, voices[FR], like="Parking"),
            name("Stationnement", 0.2, voices[FR]),
        ],
    }
    found = best_names(offers, {EN: 2.0, FR: 1.0}, voices)
    assert {lang: each.text for lang, each in found.items()} == {EN: "Parking", FR: "Stationnement"}


def test_the_language_that_weighs_less_has_no_name_rather_than_another_subject() -> None:
    voices = {EN: voice(PARKING_EN + BUS_EN, EN), FR: voice(PARKING_FR + BUS_FR, FR)}
    offers = {
        EN: [name("Parking", 1.0, voices[EN])],
        FR: [name("Autobus", 1.0, voices[FR], like="Parking")],
    }
    assert set(best_names(offers, {EN: 2.0, FR: 1.0}, voices)) == {EN}
    assert set(best_names(offers, {EN: 1.0, FR: 2.0}, voices)) == {FR}


def test_a_meaning_held_against_the_other_language_needs_no_words_of_it() -> None:
    said = voice(PARKING_FR + BUS_FR, FR)
    assert said.heard is not None
    chances = said.heard.meant(words.of(["Parking"]))[0]
    assert chances.shape == (16,)
    assert np.mean(chances[:8]) > np.mean(chances[8:])
