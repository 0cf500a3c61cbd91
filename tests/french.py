"""How French is set and worded in Canada, as patterns for the tests of our own words."""

from __future__ import annotations

import re

NBSP = "\u00a0"
# %(name)s, %s, {name}, and the names of HTML elements and entities.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+")

# A word or number before these needs a no-break space in French; times, ratios, addresses do not.
BARE_COLON = re.compile(rf"[^\s{NBSP}\d/]:(?=\s|$)|(?<!{NBSP}) :")
BARE_PERCENT = re.compile(r"\d ?%(?![\w(])")
GUILLEMETS = re.compile(rf"«(?!{NBSP})|(?<!{NBSP})»")
SPACED = re.compile(rf"[\s{NBSP}\u202f][;!?](?=\s|$)")
ENGLISH_QUOTES = re.compile(r"[“”]")
CURLY = re.compile("\u2019")
BARE_N = re.compile(rf"\bn(?:[ {NBSP}]|&nbsp;)(?:\d|\{{)")

TYPOGRAPHY = {
    "no-break space before a colon": BARE_COLON,
    "no-break space before a per cent sign": BARE_PERCENT,
    "no-break spaces inside guillemets": GUILLEMETS,
    "no space before ; ! ?": SPACED,
    "guillemets, not English quotes": ENGLISH_QUOTES,
    "a straight apostrophe, which is set when it is shown": CURLY,
    "n = 27, not n 27": BARE_N,
}

# Set in ASCII for machines, not for reading.
MACHINE = re.compile(r"https?:|style=|&\w+;")

# One word a thing: what not to say, and what we say.
AVOID = {
    r"machines?": "le logiciel",
    r"candidats?|candidates?": "proposition; thème hors grille",
    r"grille de codage": "grille de thèmes",
    r"affectations?": "classement",
    r"brouillons?": "ébauche",
    r"découvertes?": "constat",
    r"exécutions?": "analyse",
    r"(?<!intervalle de )(?<!intervalles de )confiance": "fiabilité",
    r"à développement": "question ouverte",
    r"cana(?:l|ux)": "mode de prestation; mode de réception",
    r"éditeurs?|éditrices?": "personne responsable de la rédaction ou de l'approbation",
    r"connect\w+|déconnect\w+": "ouvrir ou fermer une session",
    r"e-?mails?|adresses? (?:électroniques?|de courriel)": "courriel; adresse courriel",
    r"informations? personnelles?": "renseignements personnels",
    r"départements?": "ministère",
    r"croisements?": "ventilation; comparaison",
    r"répondants?|répondantes?": "les personnes qui ont répondu",
    r"révis(?:er|ez|é|ée|és|ées)": "examiner",
    r"valeurs? de départ|point de départ": "germe",
    r"commentaires d'un tableur|à partir d'un tableur": "feuille de calcul",
    r"ne s'appliqu\w+ pas": "sans objet",
}


def avoided(text: str) -> list[str]:
    """What the glossary tells us not to say, found in ``text``, with what it says instead."""
    text = re.sub(r"mailto:", "", PLACEHOLDER.sub("", text))
    return [
        f"{found[0]} → {instead}"
        for word, instead in AVOID.items()
        if (found := re.search(rf"\b(?:{word})\b", text, re.IGNORECASE))
    ]


def faults(text: str) -> list[str]:
    """The rules of typography that a French text breaks."""
    plain = PLACEHOLDER.sub("x", text)
    return [
        rule
        for rule, pattern in TYPOGRAPHY.items()
        if pattern.search(text if pattern is BARE_N else plain)
    ]
