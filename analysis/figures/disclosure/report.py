"""A report: what may be published of all its people, ``disclose``."""

from __future__ import annotations

from analysis.figures.disclosure import divisions
from analysis.figures.disclosure.counts import together, whole_told
from analysis.figures.disclosure.people import Disclosed, People, Told
from analysis.figures.disclosure.themes import choose, is_nearly_all, least_count


def disclose(people: People, *, smallest: int) -> Disclosed:
    """What a department with this smallest cell may publish of these people. 0 hides nothing."""
    everyone = frozenset(people.wrote)
    themes = {code: frozenset(ids) & everyone for code, ids in people.themes.items()}
    chosen = choose(everyone, themes, smallest)
    written = divisions.written(people, smallest)
    rows = {
        code: themes[code]
        for code in chosen.told
        if not is_nearly_all(len(themes[code]), len(everyone), smallest)
    }
    names: list[str | None] = list(rows)
    sets = list(rows.values())
    has_others = chosen.others is not None and not is_nearly_all(
        len(chosen.others), len(everyone), smallest
    )
    if has_others and chosen.others is not None:
        names.append(None)
        sets.append(chosen.others)
    hidden = [themes[code] for code in chosen.told if code not in rows]
    if chosen.others is not None and not has_others:
        hidden.append(chosen.others)
    languages, by_language = divisions.by_language(everyone, sets, hidden, written, smallest)
    letters, campaigns, in_letters = divisions.letters(everyone, sets, hidden, people, smallest)
    divided = {name: (by_language[at], in_letters[at]) for at, name in enumerate(names)}

    def told(name: str | None, ids: frozenset[int]) -> Told:
        n, is_at_least = least_count(len(ids), len(everyone), smallest)
        split, letters_of = divided.get(name, ({}, None))
        return Told(n, is_at_least, split, letters_of)

    with_text = len(everyone)
    responses = whole_told(sum(people.languages.values()), with_text, smallest=smallest)
    return Disclosed(
        smallest=smallest,
        responses=responses,
        languages=divisions.of_forms(people, languages, smallest) if responses is not None else {},
        channels=together(people.channels, smallest=smallest) if responses is not None else {},
        with_text=with_text,
        with_text_languages=languages,
        themes={code: told(code, themes[code]) for code in chosen.told},
        parts={
            code: divisions.parts(ids, people.parts.get(code, {}), smallest)
            for code, ids in rows.items()
        },
        joined=chosen.joined,
        others=told(None, chosen.others) if chosen.others is not None else None,
        others_hold_unthemed=chosen.hold_unthemed,
        unthemed=divisions.unthemed(everyone, themes, people, chosen, smallest),
        letters=letters,
        campaigns=campaigns,
    )
