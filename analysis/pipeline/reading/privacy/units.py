"""What beside a number says that it counts something: money, units, years."""

from __future__ import annotations

import re

from .tokens import Tokens

# Money, units and years beside a number say that it counts something.
_UNIT_AFTER = re.compile(
    r" {0,3}(?:\$|€|£|%|k\$|m\$|g\$|cad|dollars?|millions?|milliards?|billions?|personnes?|people|"
    r"citizens?|citoyens?|habitants?|logements?|homes?|households?|menages?|emplois?|jobs?|km|m²|"
    r"tonnes?|tons?|hectares?|acres?|litres?|votes?|cents?|clients?|files?|dossiers|cases?|"
    r"applications?|demandes|applicants?|canadi(?:an|en)s?|years?|ans|jours|days|respondents?|"
    r"signatures?|visits?|visites?|students?|etudiants|families|familles|residents?|eleves|"
    r"de {1,3}(?:dollars|personnes|citoyens|gens|canadiens))(?!\w)"
)
_MONEY_BEFORE = re.compile(r"(?:[$€£]|cad|usd) {0,3}$")


def counts(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a unit or a currency says that the number counts something."""
    return bool(
        _UNIT_AFTER.match(tokens.folded, end)
        or _MONEY_BEFORE.search(tokens.folded[max(0, start - 8) : start])
    )
