"""The report's own words in both languages, side by side so that neither lags behind."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "name": "English",
        "choose": "Language of the report",
        "colon": ":",
        "and": " and ",
        "plural": lambda n: n != 1,
        "comments_n": ("{n} comment", "{n} comments"),
        "themes_n": ("one theme", "{n} themes"),
        "title": "{comments}, {themes}",
        "title_none": "{comments}, not enough to group",
        "overview": "{themed} of the {base} comments that say something ({share}) fall into a "
        "theme. The largest are {themes}.",
        "overview_one": "{themed} of the {base} comments that say something ({share}) fall into a "
        "theme, {themes}.",
        "overview_gap": "The two languages differ most on {theme}: {en} of the English comments, "
        "{fr} of the French ones.",
        "overview_none": "There are too few comments, or they have too little in common, to be put "
        "into themes honestly. They are listed with their reasons in the assignments file.",
        "machine": "A machine proposed these themes and nobody has reviewed them yet. Read the "
        "quotes, rename and merge before you rely on a number.",
        "fact_comments": ("comment", "comments"),
        "fact_languages": "English / French",
        "fact_themes": ("theme", "themes"),
        "fact_letters": ("letter campaign, {n} letters", "letter campaigns, {n} letters"),
        "fact_confidence": "confidence",
        "chart_title": "Themes, by share of the {n} comments that say something",
        "chart_note": "The line at the end of a bar is the 95% interval of its share.",
        "table_heading": "The same numbers as a table",
        "table_caption": "Comments in each theme, of {n} that say something",
        "theme": "Theme",
        "overlap": "A long comment can be in more than one theme, so shares may add up to more "
        "than 100%. Each comment has one main theme.",
        "contents": "Contents",
        "themes": "The themes",
        "of_base": "of comments",
        "interval": "95% interval",
        "main": "main theme of {n}",
        "in_other": "In French",
        "more_fr": "Written about more in French: {fr} of the French comments, {en} of the English "
        "ones. That is not chance.",
        "more_en": "Written about more in English: {en} of the English comments, {fr} of the "
        "French ones. That is not chance.",
        "keywords": "Words that mark it",
        "quotes_in": {"en": "In English", "fr": "In French"},
        "more": "More quotes",
        "border": "At the edge: these may belong elsewhere",
        "parts": "Inside this theme",
        "part_share": "of the theme",
        "row": "Row",
        "theme_confidence": "Confidence",
        "check": "Check",
        "letters_heading": "Letter campaigns",
        "letters_none": "No group of three or more comments shares most of its words.",
        "letters_one": "One letter was sent {n} times, with or without additions. It was analysed "
        "once and counts as often as it came.",
        "letters": "{k} letters were sent {n} times in all, with or without additions. Each was "
        "analysed once and counts as often as it came.",
        "letters_without": "Themes with and without the copies",
        "with": "With",
        "without": "Without",
        "copies": "copies",
        "forms": {},
        "languages": {"en": "English", "fr": "French", "other": "other", "und": "undetermined"},
        "aside_heading": "What was set aside, and why",
        "aside_all": "Nothing: every comment is in a theme ({all} of {all}).",
        "aside_some": "In no theme: {n} of {all}. None was thrown away; each is in the assignments "
        "file with its reason.",
        "reason": "Reason",
        "comments": "Comments",
        "share": "Share",
        "rows": "Rows",
        "reasons": {
            "no_substantive_answer": "Empty, or nothing but “no comment”",
            "could_not_be_read": "Could not be read",
            "could_not_be_processed": "Could not be processed",
            "other_language": "In a language other than English or French",
            "fits_no_theme": "Fits no theme",
            "not_enough_to_group": "Not enough comments to group",
        },
        "confidence_heading": "How far this can be relied on",
        "levels": {
            "high": "High",
            "moderate": "Moderate",
            "low": "Low",
            "not_enough_to_group": "Not enough to group",
        },
        "checks": {
            "stability": (
                "The same themes come back when a fifth of the texts is left out",
                "share",
            ),
            "language_nmi": (
                "How much language decides the theme (0 not at all, 1 entirely)",
                "number",
            ),
        },
        "warnings": {
            "overlaps": "Overlaps with another theme: consider merging them.",
            "tiny": "Very few comments: an example rather than a theme.",
            "vague": "Holds together loosely: read it before naming it.",
            "one_language": "Only one language speaks of it.",
        },
        "method_heading": "How this was made",
        "method": [
            "{n} comments were read from the file ({form}); personal information was hidden before "
            "anything was counted.",
            "Near-identical letters were put together, answers over about 60 words were cut into "
            "passages ({passages} in all), and each passage was turned into numbers that stand for "
            "its meaning in both languages at once ({embedder}).",
            "Passages close in meaning form communities; those are the themes. Their number was "
            "not given in advance. Names and keywords are the words people used, chosen because "
            "they are frequent in the theme and rare elsewhere; nothing was translated and no "
            "text was invented.",
            "Everything ran on one computer. Nothing was sent anywhere.",
        ],
        "limits_heading": "Limits",
        "limits": [
            "Those who wrote are not a sample of the population: shares are of comments, and the "
            "intervals say nothing about people who did not write.",
            "A theme's size is how many wrote about it, not how much it matters. Those who face "
            "barriers are often few.",
            "Irony, spelling and very short texts mislead the method. Quotes are whole passages, "
            "exactly as written, with personal information hidden; hiding is not perfect, so read "
            "a quote before you publish it.",
        ],
        "masked_none": "No personal information was found to hide.",
        "masked_one": "One piece of personal information was found and hidden.",
        "masked": "{n} pieces of personal information were found and hidden.",
        "notes_heading": "Notes on the file",
        "repeat": "To repeat it: the same file, seed {seed}, the versions below. Digest of the "
        "comments: {digest}.",
        "made": "Made on {date} from {file}",
    },
    "fr": {
        "name": "Français",
        "choose": "Langue du rapport",
        "colon": "\u00a0:",
        "and": " et ",
        "plural": lambda n: n > 1,
        "comments_n": ("{n} commentaire", "{n} commentaires"),
        "themes_n": ("un thème", "{n} thèmes"),
        "title": "{comments}, {themes}",
        "title_none": "{comments}, trop peu pour former des groupes",
        "overview": "Des {base} commentaires qui disent quelque chose, {themed} ({share}) relèvent "
        "d'un thème. Les plus importants sont {themes}.",
        "overview_one": "Des {base} commentaires qui disent quelque chose, {themed} ({share}) "
        "relèvent d'un thème, {themes}.",
        "overview_gap": "Les deux langues diffèrent le plus sur {theme}\u00a0: {en} des "
        "commentaires en anglais, {fr} de ceux en français.",
        "overview_none": "Les commentaires sont trop peu nombreux, ou ont trop peu en commun, pour "
        "être regroupés honnêtement. Chacun figure avec sa raison dans le fichier des "
        "affectations.",
        "machine": "Ces thèmes sont proposés par une machine et personne ne les a encore révisés. "
        "Lisez les citations, renommez et fusionnez avant de vous fier à un nombre.",
        "fact_comments": ("commentaire", "commentaires"),
        "fact_languages": "anglais / français",
        "fact_themes": ("thème", "thèmes"),
        "fact_letters": ("campagne de lettres, {n} lettres", "campagnes de lettres, {n} lettres"),
        "fact_confidence": "confiance",
        "chart_title": "Les thèmes, selon leur part des {n} commentaires qui disent quelque chose",
        "chart_note": "Le trait au bout d'une barre est l'intervalle de sa part, à 95\u00a0%.",
        "table_heading": "Les mêmes nombres en tableau",
        "table_caption": "Commentaires par thème, sur {n} qui disent quelque chose",
        "theme": "Thème",
        "overlap": "Un long commentaire peut relever de plusieurs thèmes; le total des parts peut "
        "donc dépasser 100\u00a0%. Chaque commentaire a un seul thème principal.",
        "contents": "Sommaire",
        "themes": "Les thèmes",
        "of_base": "des commentaires",
        "interval": "intervalle à 95\u00a0%",
        "main": "thème principal de {n}",
        "in_other": "En anglais",
        "more_fr": "On en parle davantage en français\u00a0: {fr} des commentaires en français, "
        "{en} de ceux en anglais. Ce n'est pas un hasard.",
        "more_en": "On en parle davantage en anglais\u00a0: {en} des commentaires en anglais, {fr} "
        "de ceux en français. Ce n'est pas un hasard.",
        "keywords": "Mots distinctifs",
        "quotes_in": {"en": "En anglais", "fr": "En français"},
        "more": "Autres citations",
        "border": "À la limite\u00a0: ces passages pourraient relever d'un autre thème",
        "parts": "À l'intérieur de ce thème",
        "part_share": "du thème",
        "row": "Ligne",
        "theme_confidence": "Confiance",
        "check": "À vérifier",
        "letters_heading": "Campagnes de lettres",
        "letters_none": "Aucun groupe d'au moins trois commentaires n'a l'essentiel de ses mots en "
        "commun.",
        "letters_one": "Une lettre a été envoyée {n} fois, avec ou sans ajouts. Elle a été "
        "analysée une fois et compte autant de fois qu'elle est arrivée.",
        "letters": "{k} lettres ont été envoyées {n} fois en tout, avec ou sans ajouts. Chacune a "
        "été analysée une fois et compte autant de fois qu'elle est arrivée.",
        "letters_without": "Les thèmes avec et sans les copies",
        "with": "Avec",
        "without": "Sans",
        "copies": "exemplaires",
        "forms": {
            "comma": "virgule",
            "semicolon": "point-virgule",
            "tab": "tabulation",
            "bar": "barre verticale",
            "one column": "une colonne",
        },
        "languages": {"en": "anglais", "fr": "français", "other": "autre", "und": "indéterminée"},
        "aside_heading": "Ce qui a été mis de côté, et pourquoi",
        "aside_all": "Rien\u00a0: chaque commentaire relève d'un thème ({all} sur {all}).",
        "aside_some": "Sans thème\u00a0: {n} sur {all}. Aucun commentaire n'a été écarté; chacun "
        "figure avec sa raison dans le fichier des affectations.",
        "reason": "Raison",
        "comments": "Commentaires",
        "share": "Part",
        "rows": "Lignes",
        "reasons": {
            "no_substantive_answer": "Vide, ou seulement «\u00a0aucun commentaire\u00a0»",
            "could_not_be_read": "Illisible",
            "could_not_be_processed": "N'a pas pu être traité",
            "other_language": "Dans une autre langue que le français ou l'anglais",
            "fits_no_theme": "Ne correspond à aucun thème",
            "not_enough_to_group": "Trop peu de commentaires pour former des groupes",
        },
        "confidence_heading": "Dans quelle mesure s'y fier",
        "levels": {
            "high": "Élevée",
            "moderate": "Moyenne",
            "low": "Faible",
            "not_enough_to_group": "Trop peu pour former des groupes",
        },
        "checks": {
            "stability": (
                "Les mêmes thèmes reviennent quand on retire un cinquième des textes",
                "share",
            ),
            "language_nmi": (
                "Poids de la langue dans le thème (0\u00a0: aucun, 1\u00a0: total)",
                "number",
            ),
        },
        "warnings": {
            "overlaps": "Chevauche un autre thème\u00a0: songez à les fusionner.",
            "tiny": "Très peu de commentaires\u00a0: un exemple plutôt qu'un thème.",
            "vague": "Ensemble peu homogène\u00a0: à lire avant de le nommer.",
            "one_language": "On n'en parle que dans une langue.",
        },
        "method_heading": "Comment ce rapport a été fait",
        "method": [
            "{n} commentaires ont été lus dans le fichier ({form}); les renseignements personnels "
            "ont été masqués avant tout décompte.",
            "Les lettres presque identiques ont été réunies, les réponses de plus de 60 mots "
            "environ ont été découpées en passages ({passages} en tout), et chaque passage a été "
            "converti en nombres qui en représentent le sens dans les deux langues à la fois "
            "({embedder}).",
            "Les passages de sens voisin forment des communautés\u00a0: ce sont les thèmes. Leur "
            "nombre n'était pas fixé d'avance. Les noms et les mots-clés sont ceux que les gens "
            "ont employés, choisis parce qu'ils sont fréquents dans le thème et rares ailleurs; "
            "rien n'a été traduit et aucun texte n'a été inventé.",
            "Tout s'est fait sur un seul ordinateur. Rien n'a été envoyé nulle part.",
        ],
        "limits_heading": "Limites",
        "limits": [
            "Ceux qui ont écrit ne forment pas un échantillon de la population\u00a0: les parts "
            "sont celles des commentaires, et les intervalles ne disent rien de ceux qui n'ont "
            "pas écrit.",
            "La taille d'un thème indique combien de personnes en ont parlé, non son importance. "
            "Celles qui se heurtent à des obstacles sont souvent peu nombreuses.",
            "L'ironie, les fautes et les textes très courts trompent la méthode. Les citations "
            "sont des passages entiers, tels qu'ils ont été écrits, les renseignements personnels "
            "étant masqués; le masquage n'est pas parfait\u00a0: relisez une citation avant de la "
            "publier.",
        ],
        "masked_none": "Aucun renseignement personnel à masquer n'a été trouvé.",
        "masked_one": "Un renseignement personnel a été trouvé et masqué.",
        "masked": "{n} renseignements personnels ont été trouvés et masqués.",
        "notes_heading": "Remarques sur le fichier",
        "repeat": "Pour refaire l'analyse\u00a0: le même fichier, la valeur de départ {seed} et "
        "les versions ci-dessous. Empreinte des commentaires\u00a0: {digest}.",
        "made": "Fait le {date} à partir de {file}",
    },
}
