"""Forms of courtesy around what somebody has to say: a salutation, a complimentary close.

"Veuillez agréer, Madame la Ministre, mes salutations distinguées" is in fifty letters on fifty
subjects. It stays in the answer and in what is quoted; what an answer is grouped by is the rest.
Only set forms count: thanks for something in particular are something said.
"""

from __future__ import annotations

import re

from .normalise import clean

# Whom a letter is addressed to: never more than a few words, and a stop or the end of a line after.
_EN_TO = (
    r"(?:sirs?|madam|ma'am|mr|mrs|ms|dr|minister|premier|all|everyone|committee|council|team|"
    r"colleagues|friends|government|the honourable|honourable|hon|or|and|of|the|"
    r"(?-i:(?!I\b)[A-Z])[\w.'-]+|[,/])"
)
_FR_TO = (
    r"(?:madame|monsieur|mesdames|messieurs|mme|mr?|la|le|l'|chère?s?|ministre|honorable|députée?|"
    r"sénat(?:eur|rice)|président(?:e)?|premi(?:er|ère)|mairesse|maire|docteure?|et|ou|"
    r"[,/])"
)
_OPENING = re.compile(
    r"\s*(?:"
    rf"dear(?:\s+{_EN_TO}){{1,7}}\s*(?:[,:;!.\n-]|$)"
    r"|to whom it may concern\s*(?:[,:;!.\n-]|$)"
    r"|(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings)"
    rf"(?:(?:\s+there)|(?:,?\s+{_EN_TO}){{1,4}})?\s*(?:[,:;!.\n-]|$)"
    r"|(?:bonjour|bonsoir|salut|allô|allo)(?:\s+(?:à tou(?:te)?s|tout le monde|"
    rf"{_FR_TO}(?:[\s,]+{_FR_TO}){{0,5}}))?\s*(?:[,:;!.\n-]|$)"
    rf"|(?:à qui de droit|(?:ch(?:er|ère)s?\s+)?(?:madame|monsieur|mesdames|messieurs)"
    rf"(?:[\s,]+{_FR_TO}){{0,6}})\s*(?:[,:;!.\n-]|$)"
    r")\s*",
    re.IGNORECASE,
)
_THANKED_FOR = (
    r"(?:your (?:time|attention|consideration|help|work|understanding)|listening|reading(?: this)?"
    r"|considering(?: (?:this|my (?:comments?|views?|input)))?"
    r"|(?:the|this) (?:opportunity|chance)(?: to (?:comment|respond|participate|contribute|"
    r"(?:provide|give|share|offer|submit)(?: (?:my|our|some))?"
    r"(?: (?:comments?|feedback|input|views?|thoughts?|opinions?))?))?)"
)
_REMERCIE = (
    r"(?:votre (?:temps|attention|considération|écoute|aide|travail|compréhension)|m'avoir lue?"
    r"|(?:de )?m'écouter|l'occasion(?: de (?:m'exprimer|commenter|participer))?)"
)
# Who signs, and where they live.
_SIGNED = r"(?:[\s,]+(?-i:[A-ZÀ-Ý][\w.'-]*|\d{4,6}|[a-z] [A-Z])){1,9}"
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?…;,)\n])|(?<=[.!?…;,)\n] ))\s*(?:"
    # A name or a title may stand inside, never a full stop.
    r"(?:veuillez(?: bien)?|(?:je|nous) vous (?:prie|prions)(?: d')?|recevez|agréez|acceptez)"
    r"(?=[^.!?\n]{0,120}(?:salutations?|sentiments?|considération|hommages?|respects?))"
    r"[^.!?\n]{0,160}"
    r"|(?:mes |nos )?(?:(?:sincères|meilleures|cordiales|respectueuses) )?"
    r"(?:salutations?(?: distinguées?| cordiales?| sincères?)?|cordialement"
    rf"|bien (?:cordialement|à vous)|respectueusement|sincèrement)(?:{_SIGNED})?"
    rf"|merci(?: (?:beaucoup|infiniment|bien|d'avance|à l'avance))?(?: (?:de|pour) {_REMERCIE})?"
    rf"|je vous remercie(?: (?:de|pour) {_REMERCIE}| (?:d'avance|à l'avance))?"
    r"|(?:(?:yours|very) (?:truly|sincerely|faithfully|respectfully)(?: yours)?"
    r"|(?:sincerely|respectfully|faithfully|cordially)(?: (?:yours|submitted))?"
    rf"|(?:(?:with )?(?:best|kind|kindest|warm|warmest) )?regards|best wishes|cheers)(?:{_SIGNED})?"
    rf"|(?:many )?(?:thanks?|thank you|thx)(?: (?:very much|so much|again|kindly|in advance))?"
    rf"(?: for {_THANKED_FOR}(?: and (?:for )?(?:{_THANKED_FOR}|attention|consideration))?)?"
    r")\s*[.,;!…-]*\s*$",
    re.IGNORECASE,
)
# A word that every closing has one of: most texts have none.
_CLOSES = (
    "thank", "thx", "regards", "wishes", "cheers", "truly", "sincere", "faithfully", "respect",
    "cordial", "merci", "salutation", "sentiment", "considération", "hommage", "bien à vous",
    "sincèr",
)  # fmt: skip
# Closings stand one after the other: "Thank you. Yours truly".
_MOST = 3
# No form is longer, and only the end of a long text is looked at.
_LONGEST = 240


def without_courtesies(text: str) -> str:
    """``text`` without the forms of courtesy at its beginning and end; it may be empty."""
    plain = clean(text)
    start, end = 0, len(plain)
    for _ in range(_MOST):
        found = _OPENING.match(plain, start, min(end, start + _LONGEST))
        if found is None or found.end() == start:
            break
        start = found.end()
    for _ in range(_MOST):
        from_ = max(start, end - _LONGEST)
        tail = plain[from_:end]
        low = tail.lower()
        found = _CLOSING.search(tail) if any(word in low for word in _CLOSES) else None
        if found is None:
            break
        end = from_ + found.start()
    return text[start:end].strip() if (start, end) != (0, len(plain)) else text
