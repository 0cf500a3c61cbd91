"""Answers that answer nothing, kept apart and counted with their reason.

"No comment" said five hundred times is the largest theme of many surveys if it is let in
(BERTopic's most common complaint about survey data). It is still an answer that was given: it is
listed under its reason, never dropped. Three kinds are told apart, since they say different things
of a questionnaire: nothing was written, somebody wrote that they have nothing to say or do not
know, somebody tried the form out.
"""

from __future__ import annotations

import re

from analysis.pipeline.types import Language, Reason

from .courtesies import without_courtesies
from .normalise import WORD, clean, fold
from .word_lists import listed

# Whole answers, folded (no accents, lower case, words only, elisions split): words without content.
_EMPTY = frozenset(
    phrase.strip()
    for phrase in """
    n a|na|s o|so|null|not applicable|see above|same|same as above|as above|ditto|idem|yes|yep|ok
    okay|thanks|thank you|thank you very much|tbd|that is all|that s all|hello|hi|skip|pass|blank
    x|xx|xxx|sans objet|ne s applique pas|non applicable|pas applicable|voir ci dessus
    voir plus haut|meme chose|comme ci dessus|oui|merci|merci beaucoup|d accord|bonjour|c est tout
    cela est tout|ca va|tel que mentionne
    """.replace("\n", "|").split("|")
    if phrase.strip()
)
# What may stand before or after a refusal and changes nothing.
_BEFORE = re.compile(
    r"(?:(?:hello|hi|bonjour|sorry|desolee?|honestly|unfortunately|malheureusement|well|so|et|and"
    r"|euh|um|no|non) )+"
)
_AFTER = re.compile(
    r"(?: (?:thanks|thank you|merci|merci beaucoup|please|svp|s il vous plait|sorry|desolee?"
    r"|at this time|at the moment|for now|right now|at present|really|honestly|here|now|yet"
    r"|pour le moment|pour l instant|en ce moment|actuellement|vraiment|ici|la dessus|a ce sujet"
    r"|about it|about this|about that|on this|on that|on this topic|on this question))+$"
)
_ENGLISH = (
    # "nothing", "nothing else to add", "none"
    r"(?:no|non|none|nil|nope|nah|nothing|nada|zero|unsure|unknown|undecided)",
    r"(?:(?:i (?:have|ve|ve got|got)|have|there is|there s) )?(?:nothing|not much|no more|none)"
    r"(?: (?:else|more|further|additional|other|new|special|specific|in particular"
    r"|i can think of|comes to mind))*"
    r"(?: to (?:add|say|report|share|suggest|comment(?: on)?|mention|declare)"
    r"(?: (?:to that|to this|further))?)?",
    # "no comment", "I have no opinion on this", "no further comments"
    r"(?:i (?:have|ve|ve got) |i d )?(?:no|not any|without)"
    r"(?: (?:further|additional|other|more|particular|specific|real|strong))*"
    r" (?:comments?|answers?|response|reply|opinions?|idea|ideas|clue|suggestions?|thoughts?|views?"
    r"|remarks?|preference|input|feedback)(?: to (?:add|make|give|share|offer))?",
    # "I don't know", "not sure", "I prefer not to say"
    r"(?:i )?(?:really |honestly )?(?:do not|don t|dont|wouldn t|couldn t|can t|cannot)"
    r"(?: (?:really|actually|quite))? (?:know|say|tell|think of any(?:thing)?|recall|remember"
    r"|have (?:any|an|a) (?:comments?|answers?|opinions?|idea|ideas|suggestions?|thoughts?|views?)"
    r"|have anything(?: (?:else|more))?(?: to (?:add|say))?"
    r"|(?:wish|want|care) to (?:comment|answer|say|respond))(?: (?:yet|enough|anything))?",
    r"(?:i m |i am )?not (?:really )?(?:sure|certain)|idk|dk|no thanks|no thank you"
    r"|(?:i )?(?:would )?(?:prefer|rather) not(?: to)? (?:say|answer|comment|respond)"
    r"|nothing comes to mind|not (?:really|at this time)|no idea",
)
_FRENCH = (
    r"(?:non|aucune?|rien|neant|nul|ras|r a s|nsp|jsp|ne sais pas|aucuns?|aucunes)",
    # "rien a ajouter", "je n'ai rien d'autre a dire"
    r"(?:(?:je )?n ai |il n y a )?rien(?: (?:de plus|d autre|de special|de particulier|de precis"
    r"|de nouveau|du tout))*(?: (?:a|de plus a|d autre a) (?:ajouter|dire|signaler|declarer"
    r"|proposer|suggerer|mentionner|redire|rajouter))?(?: (?:de plus|d autre))?"
    r"(?: (?:ne me vient a l esprit|ne me vient en tete))?",
    # "aucun commentaire", "pas d'opinion", "je n'ai aucune autre suggestion", "sans avis"
    r"(?:(?:je )?n ai |il n y a )?(?:aucune?s?|pas d|pas de|sans|point de)(?: autres?)*"
    r" (?:commentaires?|reponses?|opinions?|avis|idees?|suggestions?|remarques?|preferences?"
    r"|observations?)(?: (?:a (?:ajouter|faire|formuler|emettre|donner)|supplementaires?"
    r"|particulier|particuliere|precise?))?",
    # "je ne sais pas", "je prefere ne pas repondre"
    r"(?:je |j )?(?:ne |n )?(?:sais|sait|connais|ai) (?:pas|trop|pas trop|pas vraiment|rien)"
    r"(?: (?:d idee|d avis|d opinion))?",
    r"(?:je )?(?:prefere|souhaite|veux|desire) (?:ne )?pas (?:repondre|commenter|me prononcer)"
    r"|(?:je )?ne (?:souhaite|veux|desire|peux) pas (?:repondre|commenter|me prononcer)"
    r"|pas (?:vraiment|certaine?|sure?|pour le moment|pour l instant|maintenant)"
    r"|(?:je ne suis )pas (?:certaine?|sure?)|non merci|aucune idee",
)
_REFUSALS = {
    language: re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    for language, patterns in ((Language.EN, _ENGLISH), (Language.FR, _FRENCH))
}
_LONGEST = 14  # words of a refusal
_LONGEST_FORM = 40  # of forms of courtesy, one after the other

# Who tries out a form writes that it is a test, and little else.
_TEST = listed("test tests testing tester testeur testing123 test1 test2 test123 essai")
_BESIDE_TEST = listed(
    """
    this is a an the just only another my our one two three please ignore delete disregard do not
    comment comments answer answers response responses reply row line entry submission form survey
    data sample dummy text message question feedback from by for purposes purpose of to and it
    ceci c est un une le la les juste seulement mon ma notre svp ignorer ignorez supprimer
    supprimez ne pas tenir compte commentaire commentaires reponse reponses ligne formulaire
    sondage donnees texte message de du des pour et fins fin
    """
)
_FILLER = ("lorem ipsum", "foo bar", "blah blah")

_REPEATED = re.compile(r"(.)\1{3,}")
_VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœæ]", re.IGNORECASE)
_KEYBOARD = (
    "qwert", "asdf", "zxcv", "sdfg", "dfgh", "fghj", "ghjk", "hjkl", "azert", "qsdf", "wxcv",
    "poiu", "lkjh", "mlkj",
)  # fmt: skip
# Pictures people answer with; one that only changes another's look is none.
_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


def without_substance(text: str) -> Reason | None:
    """NO_ANSWER, DECLINED, TEST, UNREADABLE, or None when there is something to read.

    UNREADABLE: no letters and no emoji (numbers, punctuation), or one key held down. An empty text
    is NO_ANSWER: the question was left blank. TEST is a guess, for people to look at.
    """
    plain = clean(text).strip()
    if not plain:
        return Reason.NO_ANSWER
    if not any(c.isalpha() for c in plain):
        if _EMOJI.search(plain) is not None:
            return None
        # A dash or a stop in the box is how people write "nothing".
        dash = len(plain) <= 3 and all(c in "-–—./*_" for c in plain)
        return Reason.NO_ANSWER if dash else Reason.UNREADABLE
    tokens = _tokens(plain)
    alphabetic = [token for token in tokens if token.isalpha()]
    if len(tokens) <= _LONGEST_FORM and not without_courtesies(plain):
        return Reason.NO_ANSWER
    if not alphabetic and not any(_TEST.intersection(tokens)):
        return Reason.UNREADABLE
    if len(tokens) <= _LONGEST:
        phrase = " ".join(tokens)
        if phrase in _EMPTY:
            return Reason.NO_ANSWER
        if _refused(phrase):
            return Reason.DECLINED
        if _is_test(tokens, phrase):
            return Reason.TEST
    if len(alphabetic) <= 3 and all(_is_mash(token) for token in alphabetic):
        run = any(_is_keyboard_run(token) for token in alphabetic)
        return Reason.TEST if run else Reason.UNREADABLE
    if all(len(token) == 1 for token in alphabetic) and all(
        token.isascii() for token in alphabetic
    ):
        return Reason.UNREADABLE
    return None


def refused_in(text: str) -> Language | None:
    """The language of a refusal; None where it is none, or may be of either ("Non")."""
    found = _refused(" ".join(_tokens(clean(text))))
    return found[0] if len(found) == 1 else None


def _refused(phrase: str) -> list[Language]:
    """The languages in which folded words say that somebody has nothing to say or does not know."""
    before = _BEFORE.match(phrase)
    starts = {0, before.end()} if before is not None else {0}
    after = _AFTER.search(phrase)
    ends = {len(phrase), after.start()} if after is not None else {len(phrase)}
    return [
        language
        for language, refusal in _REFUSALS.items()
        if any(refusal.fullmatch(phrase, a, b) is not None for a in starts for b in ends)
    ]


def _tokens(plain: str) -> list[str]:
    return WORD.findall(fold(plain).replace("'", " ").replace("-", " "))


def _is_test(tokens: list[str], phrase: str) -> bool:
    if phrase.startswith(_FILLER):
        return True
    if _TEST.isdisjoint(tokens):
        return False
    return all(token in _TEST or token in _BESIDE_TEST or token.isdigit() for token in tokens)


def _is_keyboard_run(token: str) -> bool:
    return 4 <= len(token) <= 12 and any(row in token for row in _KEYBOARD)


def _is_mash(token: str) -> bool:
    """Keys pressed at random: no vowel in a long run, one key held down, a row of the keyboard."""
    if not token.isascii():
        return False
    if _is_keyboard_run(token):
        return True
    if len(token) >= 4 and len(set(token)) <= 2 and _REPEATED.search(token) is not None:
        return True
    return len(token) >= 6 and _VOWEL.search(token) is None
