"""Answers that answer nothing, kept apart and counted with their reason.

"No comment" said five hundred times is the largest theme of many surveys if it is let in
(BERTopic's most common complaint about survey data). It is still an answer that was given: it is
listed under its reason, never dropped.
"""

from __future__ import annotations

import re

from analysis.pipeline.types import Reason

from .normalise import WORD, clean, fold

# Whole answers, folded (no accents, lower case, words only, elisions split). English and French.
_NOTHING = frozenset(
    """
    none|non|no|na|n a|s o|so|nil|null|nothing|nothing to add|nothing to say|nothing else
    nothing else to add|nothing further|nothing more|nothing more to add|no comment|no comments
    no comments at this time|no comment at this time|no further comment|no further comments
    no additional comment|no additional comments|no other comment|no other comments|no answer
    no response|no opinion|no idea|no suggestions|no suggestion|no thanks|no thank you|nope|nah
    not applicable|not at this time|not sure|i don t know|i dont know|dont know|don t know|idk|dk
    unsure|unknown|i have no comment|i have no comments|i have no opinion|i have nothing to add
    i have nothing to say|i have no further comments|i have no idea|i have none|see above|same
    same as above|as above|ditto|idem|yes|yep|ok|okay|thanks|thank you|thank you very much|tbd|test
    testing|prefer not to say|prefer not to answer|i prefer not to answer|that is all|that s all
    none at this time|none thank you|none thanks|nothing comes to mind|can t think of anything
    hello|hi|skip|pass|blank|x|xx|xxx
    aucun|aucune|aucun commentaire|aucuns commentaires|aucune reponse|aucune opinion|aucune idee
    aucune suggestion|aucune remarque|aucun avis|aucune autre suggestion|aucun autre commentaire
    sans commentaire|sans commentaires|sans objet|sans opinion|sans avis|sans reponse|pas d avis
    pas d opinion|pas de commentaire|pas de commentaires|pas de reponse|pas d idee|pas de suggestion
    pas pour le moment|pas pour l instant|pas vraiment|pas applicable|ne s applique pas
    non applicable|sans remarque|rien|rien a ajouter|rien a dire|rien a signaler|ras|r a s
    rien de plus|rien d autre|rien de special|rien de particulier|rien pour le moment|nsp
    ne sais pas
    je ne sais pas|je sais pas|j sais pas|jsp|je n ai rien a ajouter|je n ai rien a dire
    je n ai pas de commentaire|je n ai pas de commentaires|je n ai aucun commentaire
    je n ai pas d opinion|je n ai pas d avis|je n ai aucune suggestion|je n ai pas d idee
    je prefere ne pas repondre|je ne souhaite pas repondre|voir ci dessus|voir plus haut|meme chose
    comme ci dessus|oui|merci|merci beaucoup|d accord|bonjour|aucun commentaire a ajouter
    non merci|c est tout|cela est tout|ca va|rien ne me vient a l esprit|aucun commentaire merci
    """.replace("\n", "|").split("|")
)
_PHRASES = frozenset(phrase.strip() for phrase in _NOTHING if phrase.strip())

_REPEATED = re.compile(r"(.)\1{3,}")
_VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœæ]", re.IGNORECASE)
_KEYBOARD = ("qwert", "asdf", "zxcv", "sdfg", "dfgh", "fghj", "ghjk", "hjkl", "azert", "qsdf")


def without_substance(text: str) -> Reason | None:
    """NO_ANSWER, UNREADABLE, or None when there is something to read.

    UNREADABLE: no letters at all (numbers, punctuation, emoji) or keys pressed at random. An empty
    text is NO_ANSWER: the question was left blank.
    """
    plain = clean(text).strip()
    if not plain:
        return Reason.NO_ANSWER
    tokens = WORD.findall(fold(plain).replace("'", " ").replace("-", " "))
    phrase = " ".join(tokens)
    if phrase in _PHRASES:
        return Reason.NO_ANSWER
    if not any(c.isalpha() for c in plain):
        # A dash or a stop in the box is how people write "nothing".
        dash = len(plain) <= 3 and all(c in "-–—./*_" for c in plain)
        return Reason.NO_ANSWER if dash else Reason.UNREADABLE
    alphabetic = [token for token in tokens if token.isalpha()]
    if not alphabetic:
        return Reason.UNREADABLE
    if len(alphabetic) <= 3 and all(_is_mash(token) for token in alphabetic):
        return Reason.UNREADABLE
    if all(len(token) == 1 for token in alphabetic) and all(
        token.isascii() for token in alphabetic
    ):
        return Reason.UNREADABLE
    return None


def _is_mash(token: str) -> bool:
    """Keys pressed at random: no vowel in a long run, one key held down, a row of the keyboard."""
    if not token.isascii():
        return False
    if len(token) >= 4 and any(row in token for row in _KEYBOARD) and len(token) <= 12:
        return True
    if len(token) >= 4 and len(set(token)) <= 2 and _REPEATED.search(token) is not None:
        return True
    return len(token) >= 6 and _VOWEL.search(token) is None
