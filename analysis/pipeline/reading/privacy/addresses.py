"""Where somebody lives: street addresses in English and French order, boxes, rural routes."""

from __future__ import annotations

import re

from ..word_lists import listed
from . import lists
from .found import Found
from .tokens import Tokens

_EN_CERTAIN = listed(
    """
    street st str avenue ave av road rd boulevard blvd crescent cres lane ln highway hwy parkway
    pkwy court crt terrace avenu sreet steet stret streeet raod cresent cresant blv bvd blvrd aveneu
    terr
    concession sideroad drive dr expressway esplanade turnpike
    """
)
# Words that mean much else in small letters.
_EN_OTHER = listed(
    """
    way place pl circle cir square sq trail line close gate grove heights hill mews path ridge row
    view walk bay cove crossing gardens green landing manor park point private run villas wynd
    quay chase townline rise vista gdns hts common garden hollow meadow meadows loop passage alley
    wharf ct cr
    """
)
_EN_NUMBERED = listed("highway hwy route concession line sideroad road rd range county township")
_FR_CERTAIN = listed(
    "rue avenue av ave boulevard boul bd blvd chemin ch autoroute ruelle impasse allee croissant cr"
    " promenade prom terrasse rang crois avenu blv bvd boulvard boulevart chemain"
)
_FR_OTHER = listed("route rte place pl montee cote carre square passage cours sentier voie")
_FR_NUMBERED = listed("rang route rte autoroute chemin ch rue avenue av")
_FR_PARTICLES = listed("de la du des d l le les a au aux saint sainte st ste saints notre dame")
_DIRECTIONS = listed(
    "n s e w o ne nw se sw no so north south east west est ouest nord sud northeast northwest"
    " southeast southwest"
)
_ORDINALS = listed("st nd rd th e re er eme ieme")
_UNITS = listed(
    "apt apartment unit suite ste app appartement appt bureau bur local porte room rm basement"
    " logement lot floor etage penthouse ph"
)
# Just before a number that is where somebody is.
_AT = listed(
    """
    at au a address adresse adress addresse adres live lives living lived reside resides residing
    located home habite
    habites habitait demeure demeurant reste residence domicile sis sise situe situee chez house
    maison is est to from moved demenage move apartment apt unit coin
    """
)
_LIVES = listed(
    "live lives living lived at au address adresse adress addresse adres habite demeure reside"
    " residing sis"
)
# Beside a year.
_WHEN = listed(
    """
    in en since depuis of de by until before after during year annee l an the le la summer fall
    winter spring ete automne hiver printemps early late debut fin for pour and et to between entre
    avant apres jusqu du au about around vers
    """
) - {"au", "to"}
# What numbers count: no address begins so.
_COUNTED = listed(
    """
    people person cars car houses homes minutes minute min hours hour hrs days day weeks week months
    month years year yr blocks block km kms kilometres kilometers metres meters feet miles lanes
    lane dollars percent times more other new different of the a an my on in at to from and or
    extra additional big small great good bad busy major canadian nation nations
    official federal service services public buses bus trucks stops trees units apartments
    families kids children seniors residents drivers cyclists accidents crashes stores shops way
    lights signs potholes complaints letters emails calls visits meetings am pm x
    """
)
_FR_COUNTED = listed("a plus moins et ou qui que est sont pas en dans sur pour ici la-bas")
_EXTRA_MAIN = listed(
    "main king queen church bank bay front water mill lake park first second third"
)

_BOX = re.compile(
    r"(?<![^\W_])(?:p\.? ?o\.? ?box|post office box|postal box|c\. ?p\.|b\. ?p\.|case postale|"
    r"boite postale|casier postal|c ?p(?= ?[#:0-9]))[ :]{0,3}(?:#|no\.?|n°|number|numero)?[ ]{0,2}"
    r"[0-9]{1,6}(?![0-9])"
    r"(?:,? (?:stn|station|succ\.?|succursale) [a-z]{1,20}(?:-[a-z]{1,20})?)?"
)
_RURAL = re.compile(
    r"(?<![^\W_])(?:(?:r\.? ?r\.?|rural route|route rurale|r\.? ?m\.? ?d\.?|star route)[ ]{0,2}"
    r"(?:#|no\.?|number)?[ ]{0,2}[0-9]{1,2}"
    r"(?:,? (?:site|comp|box|boite|case|emplacement) [0-9]{1,4}){0,3}|"
    # A quarter section of the prairies: NW-12-34-5-W4.
    r"(?:ne|nw|se|sw)[ -][0-9]{1,2}[ -][0-9]{1,3}[ -][0-9]{1,2}[ -]?w ?[1-6]|"
    r"general delivery|poste restante)(?![^\W_])"
)


def addresses(tokens: Tokens) -> list[Found]:
    """Every address in the text that begins with a number, and boxes and rural routes."""
    found = [
        Found(*match.span(), "address")
        for match in _BOX.finditer(tokens.folded)
        if not match.group().startswith("cp") or tokens.plain[match.start()].isupper()
    ]
    found += [
        Found(*match.span(), "address")
        for match in _RURAL.finditer(tokens.folded)
        if match.group()[-1].isdigit()
    ]
    after = -1
    for i, word in enumerate(tokens.words):
        if i <= after or not word.isdigit() or len(word) > 6:
            continue
        last = _street(tokens, i)
        if last is not None:
            first = _with_unit_before(tokens, i)
            found.append(Found(tokens.starts[first], tokens.ends[last], "address"))
            after = last
    return found


def _street(tokens: Tokens, i: int) -> int | None:
    """The last token of the address whose house number is token ``i``."""
    n, words = len(tokens), tokens.words
    before = tokens.plain[tokens.starts[i] - 1] if tokens.starts[i] else " "
    if before in "$€£.%" or (before == "-" and i and words[i - 1].isdigit()):
        return None
    at = i + 1
    if at < n and tokens.gap(i) == "" and len(words[at]) == 1:
        at += 1  # 45B
    elif at + 1 < n and tokens.gap(i) == "-" and len(words[at]) == 1 and not words[at].isdigit():
        at += 1  # 45-B
    elif at + 1 < n and tokens.gap(i) == " " and len(words[at]) == 1 and words[at] in "bcdefgh":
        if words[at + 1] in _FR_CERTAIN or _is_told(tokens, i):
            at += 1  # 45 b
    if at < n and words[at].isdigit() and tokens.gap(at - 1) in ("-", " - ", "/", " "):
        numbered = tokens.gap(at) == "" and tokens.word(at + 1) in _ORDINALS
        if tokens.gap(at - 1) == " " and not numbered and tokens.gap(at) != "/":
            return None
        if not numbered:
            at += 1  # 4-120
        if at < n and words[at].isdigit() and tokens.gap(at - 1) == "/":
            at += 1  # 12 1/2
    if at >= n or tokens.gap(at - 1) not in (" ", ", ", ",", "  ", " , "):
        return None
    told = _is_told(tokens, i)
    if _is_year(words[i]) and at == i + 1 and not told and _is_when(tokens, i):
        return None
    last = _french(tokens, at, told) or _english(tokens, at, told, tokens.gap(at - 1))
    return last or _unnamed(tokens, i, at)


def _unnamed(tokens: Tokens, i: int, at: int) -> int | None:
    """A street without its kind: "I live at 45 Wellington", "10 Kingsway, apt 1204"."""
    if i > 1 and tokens.words[i - 1] in ("at", "au") and tokens.words[i - 2] in _LIVES:
        last = _small_street(tokens, at)
        if last is not None:
            return last
    if not i or tokens.is_shouted or not tokens.is_capital(at) or tokens.words[at].isdigit():
        return None
    last = at
    while last - at < 3 and last + 1 < len(tokens) and tokens.gap(last) in (" ", "-", "'"):
        if not tokens.is_capital(last + 1):
            break
        last += 1
    end = _end(tokens, last)
    before = tokens.words[i - 1]
    lives = before in _LIVES - {"at", "au"} or (
        i > 1 and before in ("at", "au", "a", "is", "est", "le") and tokens.words[i - 2] in _LIVES
    )
    return end if lives or (end > last and _is_told(tokens, i)) else None


def _small_street(tokens: Tokens, at: int) -> int | None:
    """ "I live at 19 elm", "j'habite au 19 des ormes": one word, and nothing after it."""
    words, n = tokens.words, len(tokens)
    while at + 1 < n and words[at] in _FR_PARTICLES and tokens.gap(at) in (" ", "'"):
        at += 1
    word = words[at]
    if word.isdigit() or len(word) < 3 or word in _COUNTED or word in _UNITS:
        return None
    if word in lists.stop_words() or tokens.is_capital(at):
        return None
    gap = tokens.gap(at)
    return at if at + 1 == n or gap[:1] in (",", ".", ";", "\n", ")", "!") else None


def _is_told(tokens: Tokens, i: int) -> bool:
    """Whether the words before say that somebody is there."""
    if i == 0:
        return False
    gap = tokens.gap(i - 1)
    if gap not in (" ", ": ", ":", ", ", " : ", "\n", " #", " ("):
        return False
    if _is_year(tokens.words[i]):
        return tokens.words[i - 1] in _LIVES
    return tokens.words[i - 1] in _AT


def _is_year(word: str) -> bool:
    return len(word) == 4 and word[:2] in ("19", "20")


def _is_when(tokens: Tokens, i: int) -> bool:
    """Whether the word before makes a year of token ``i``. So does none: "2022 King Street…"."""
    if i == 0:
        return True
    before = tokens.words[i - 1]
    return before in _WHEN or before in lists.MONTHS or before.isdigit()


def _english(tokens: Tokens, first: int, told: bool, gap: str) -> int | None:
    words, n = tokens.words, len(tokens)
    if (
        words[first].isdigit()
        and not (tokens.gap(first) == "" and tokens.word(first + 1) in _ORDINALS)
        and words[first] not in _EN_NUMBERED
    ):
        return None
    if words[first] in _COUNTED or (words[first] in lists.stop_words() and words[first] != "st"):
        return None
    capital = True
    for at in range(first, min(first + 6, n)):
        word = words[at]
        if at > first and tokens.gap(at - 1) not in (" ", "-", "'", ". ", ""):
            return None
        if at > first and (word in _EN_CERTAIN or word in _EN_OTHER):
            named = (
                capital and (tokens.is_capital(at) or word in _EN_CERTAIN) and not tokens.is_shouted
            )
            if _certain(tokens, first, at, told, named):
                if word in _EN_NUMBERED and tokens.word(at + 1).isdigit() and tokens.gap(at) == " ":
                    return _end(tokens, at + 1)  # Range Road 222
                return _end(tokens, at)
            if not _may_go_on(tokens, at):
                return None
        if word in _EN_NUMBERED and at + 1 < n and words[at + 1].isdigit():
            if tokens.gap(at) in (" ", " #") and (told or tokens.is_capital(at)):
                return _end(tokens, at + 1)
        if at > first and (word in _COUNTED or word in lists.stop_words()):
            if not (
                capital
                and (
                    word in ("st", "la", "le", "de", "of", "the", "du", "des")
                    or (word == "s" and tokens.gap(at - 1) == "'")
                )
            ):
                return None
        if not (words[at].isdigit() or tokens.is_capital(at)) and not (
            at > first
            and (
                word in ("th", "st", "nd", "rd", "s", "la", "de")
                or tokens.gap(at - 1) in ("-", "'")
            )
        ):
            capital = False
    return None


def _may_go_on(tokens: Tokens, at: int) -> bool:
    """Whether a word like a street's kind may be part of its name ("120 Park Avenue")."""
    return at + 1 < len(tokens) and tokens.gap(at) in (" ", ". ", "-")


def _certain(tokens: Tokens, first: int, kind: int, told: bool, named: bool) -> bool:
    word = tokens.words[kind]
    following = tokens.word(kind + 1) if kind + 1 < len(tokens) else ""
    if tokens.gap(kind) == " " and (following in _EN_CERTAIN or following in _EN_OTHER):
        if following not in ("st", "private", "run", "walk", "view") or word in _EN_OTHER:
            return False
    if tokens.gap(kind).startswith("'"):
        return False
    if told or named:
        return True
    if word in _EN_OTHER or word in ("court", "drive", "lane"):
        return False
    # In small letters, untold: the name is no adjective, and nothing goes on as a compound does.
    name = tokens.words[first]
    if name in lists.common_words() and name not in _EXTRA_MAIN:
        return False
    gap = tokens.gap(kind)
    return (
        gap[:1] != " "
        or not following
        or (
            following in lists.stop_words()
            or following in _DIRECTIONS
            or following in _UNITS
            or (tokens.is_capital(kind + 1) and not tokens.is_shouted)
        )
    )


def _french(tokens: Tokens, kind: int, told: bool) -> int | None:
    words, n = tokens.words, len(tokens)
    if words[kind] not in _FR_CERTAIN and words[kind] not in _FR_OTHER:
        return None
    at = kind + 1
    if at < n and words[at] in _FR_NUMBERED and words[kind] not in _FR_NUMBERED:
        at += 1
    particles = 0
    while (
        at < n
        and particles < 5
        and words[at] in _FR_PARTICLES
        and tokens.gap(at - 1) in (" ", "'", "-", ". ")
    ):
        at += 1
        particles += 1
    if at >= n or tokens.gap(at - 1) not in (" ", "'", "-", ". ", " #") or words[at] in _FR_COUNTED:
        return None
    if words[at] == "fer" and words[kind] == "chemin":
        return None
    if words[at].isdigit() and (
        words[kind] not in _FR_NUMBERED and tokens.gap(at) not in ("", "-")
    ):
        return None
    if not words[at].isdigit() and words[at] in lists.stop_words() and not tokens.is_capital(at):
        return None
    capital = tokens.is_capital(at) and not tokens.is_shouted
    if words[kind] in _FR_OTHER and not (told or capital):
        return None
    # "300 rue commerciales": what is counted, with a letter forgotten.
    word = words[at]
    plural = word[-1] == "s" and not lists.common_words().isdisjoint((word, word[:-1], word[:-2]))
    if plural and not (told or tokens.is_capital(at) or particles):
        return None
    last, parts = at, 0
    while last + 1 < n and parts < 5:
        nxt, gap = last + 1, tokens.gap(last)
        if gap in ("-", "'", ""):
            if tokens.words[nxt] in ("s",) and gap == "'":
                break
            last, parts = nxt, parts + 1
            continue
        if gap != " ":
            break
        skip = nxt
        while (
            skip < n
            and skip - nxt < 3
            and words[skip] in _FR_PARTICLES
            and tokens.gap(skip) in (" ", "'", "-")
        ):
            skip += 1
        if skip >= n or words[skip] in lists.stop_words():
            break
        if (capital and tokens.is_capital(skip) and words[skip] not in _DIRECTIONS) or (
            not capital
            and (words[skip] in lists.family_names() or words[skip] in lists.given_names())
        ):
            last, parts = skip, parts + 1
        else:
            break
    return _end(tokens, last)


def _end(tokens: Tokens, last: int) -> int:
    """The last token with the direction, the unit and its number after it."""
    n = len(tokens)
    at = last + 1
    if at < n and tokens.gap(last) in (" ", ". ", ", ") and tokens.words[at] in _DIRECTIONS:
        long = len(tokens.words[at]) > 2
        ends = at + 1 >= n or tokens.gap(at) != "'"
        if (long or tokens.is_capital(at) or tokens.gap(at)[:1] in ("", ",", ".")) and ends:
            if not (
                tokens.words[at] in ("no", "se", "so", "est") and not tokens.is_capital(at)
            ) or (tokens.words[at] == "est" and _ends_or_unit(tokens, at)):
                last, at = at, at + 1
    if at + 1 < n and tokens.words[at] in _UNITS and len(tokens.gap(last)) <= 3:
        if tokens.gap(at) in (" ", ". ", " #", ". #", "", ".", "# ", "#") and (
            tokens.words[at + 1].isdigit() or len(tokens.words[at + 1]) == 1
        ):
            last = at + 1
            if last + 1 < n and tokens.gap(last) in ("", "-") and len(tokens.words[last + 1]) <= 4:
                last += 1
            if (
                last + 1 < n
                and tokens.words[last] in ("no", "n")
                and tokens.words[last + 1].isdigit()
            ):
                last += 1
    elif at < n and tokens.words[at].isdigit() and tokens.gap(last) in (" #", ", #", ". #"):
        last = at
    return last


def _ends_or_unit(tokens: Tokens, at: int) -> bool:
    following = tokens.word(at + 1) if at + 1 < len(tokens) else ""
    return (
        not following
        or tokens.gap(at)[:1] in (",", ".", "\n", ")")
        or following in _UNITS
        or following in ("svp", "depuis", "et", "pour", "a", "au")
    )


def _with_unit_before(tokens: Tokens, first: int) -> int:
    """The first token with "apt 4," or "unit 12 - " before the house number."""
    if first >= 2 and tokens.gap(first - 1) in (", ", " - ", "-", " ", ",", "/"):
        at = first - 1
        if len(tokens.words[at]) == 1 and tokens.gap(at - 1) == "" and at >= 2:
            at -= 1
        if tokens.words[at].isdigit() and tokens.words[at - 1] in _UNITS:
            if tokens.gap(at - 1) in (" ", ". ", " #", ""):
                return at - 1
        if tokens.words[at].isdigit() and tokens.gap(first - 1) in ("-", " - ", "/"):
            return at
    return first
