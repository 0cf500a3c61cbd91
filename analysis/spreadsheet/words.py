"""The report's own words in both languages, side by side so that neither lags behind."""

from __future__ import annotations

from typing import Any

from analysis.typography import typographic_words

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
        "candidates_n": ("one candidate", "{n} candidates"),
        "candidate": "candidate",
        "title_none": "{comments}, not enough to group",
        "overview": "{themed} of the {base} comments that say something ({share}) fall into a "
        "theme. The largest are {themes}.",
        "overview_given": "{themed} of the {base} comments that say something ({share}) fall into "
        "a theme of the codebook. The largest are {themes}.",
        "overview_candidates": (
            "What fits none of them was grouped as a candidate.",
            "What fits none of them was grouped into {n} candidates.",
        ),
        "overview_one": "{themed} of the {base} comments that say something ({share}) fall into a "
        "theme, {themes}.",
        "overview_gap": "The two languages differ most on {theme}: {en} of the English comments, "
        "{fr} of the French ones.",
        "overview_letters": (
            "One letter accounts for {n} of the comments ({share}).",
            "{k} letters account for {n} of the comments ({share}).",
        ),
        "overview_none": "There are too few comments, or they have too little in common, to be put "
        "into themes reliably. They are listed below, personal information hidden.",
        "overview_nobody": "No comment speaks of a theme of the codebook.",
        "overview_low": "Confidence is low: {reason}.",
        "texts_heading": "The comments",
        "texts_more": "{n} more are in the assignments file.",
        "machine": "Software proposed these themes and nobody has reviewed them yet. Read the "
        "quotes, rename and merge before you rely on a number.",
        "machine_given": "Software put the comments into the themes of the codebook and nobody "
        "has reviewed its work yet. Read the quotes before you rely on a number.",
        "unnamed": {
            "en": "Hardly any comment is in English. Give an English name to the themes that have "
            "none before you publish.",
            "fr": "Hardly any comment is in French. Give a French name to the themes that have "
            "none before you publish.",
        },
        "fact_comments": ("comment", "comments"),
        "fact_languages": "English / French",
        "fact_themes": ("theme", "themes"),
        "fact_candidates": ("candidate", "candidates"),
        "fact_letters": ("letter campaign, {n} letters", "letter campaigns, {n} letters"),
        "fact_confidence": "confidence",
        "chart_title": "Themes, by share of the {n} comments that say something",
        "chart_note": "The line at the end of a bar is the 95% confidence interval of its share.",
        "chart_note_dots": "The line through a mark is the 95% confidence interval of its share.",
        "table_heading": "The same numbers as a table",
        "table_caption": "Comments in each theme, of {n} that say something",
        "theme": "Theme",
        "overlap": "A long comment can be in more than one theme, so shares may add up to more "
        "than 100%. Each comment has one main theme.",
        "balance_heading": "The two languages",
        "balance_chart": "Share of the comments in each language that speak of a theme",
        "balance_none": "No theme is spoken of clearly more in one language than in the other.",
        "balance_some": "Clearly more in one language than in the other:",
        "balance_note": "A difference is clear beyond what chance would make among {n} themes "
        "(Fisher's test, Holm's correction, 5% in all).",
        "balance_more": "{theme}: {fr} of the comments in French ({n_fr} of {all_fr}), {en} of "
        "those in English ({n_en} of {all_en}).",
        "balance_letters": "The gap on {theme} comes from the letters of a campaign: without them, "
        "chance alone could make it.",
        "balance_one": "All comments that say something are in one language, so that there is "
        "nothing to compare.",
        "balance_table": "Comments in each language, by theme",
        "in_en": "In English",
        "in_fr": "In French",
        "gap_en_fr": "French minus English, percentage points",
        "map_heading": "A map of the passages",
        "map_lead": "{shown} of {all} different passages in a theme, placed by what they say.",
        "map_lead_all": "All {all} different passages in a theme, placed by what they say.",
        "map_note": "Each mark is a passage: a disc in English, an open square in French. The "
        "nearer two themes stand, the more alike is what they say; the larger a circle, the more "
        "passages it holds. Within a circle the middle is typical and the edge is not, and a mark "
        "stands on the side of the theme it leans towards. Up, down, left and right mean nothing. "
        "A sheet of paper always bends what has five hundred dimensions: look here for questions, "
        "and for answers in the numbers.",
        "map_table": "The map as a table",
        "map_of": "{n} passages",
        "map_number": "No.",
        "map_passages": "Different passages",
        "map_near": "Nearest to",
        "map_alone": "none",
        "by_heading": "By “{column}”",
        "by_answered": "{n} of the {base} comments that say something come with an answer "
        "({share}).",
        "by_answered_all": "All {base} comments that say something come with an answer.",
        "by_na": "For {n} more the question did not apply.",
        "by_all": "All answers",
        "by_all_caption": "“{column}”: all {n} answers",
        "by_low": "Linked to lower ratings",
        "by_high": "Linked to higher ratings",
        "by_none": "No theme differs from the others by more than chance could make.",
        "by_letters": (
            "{themes} differs from the others only with the letters of campaigns: without them, "
            "chance alone could explain it.",
            "{themes} differ from the others only with the letters of campaigns: without them, "
            "chance alone could explain it.",
        ),
        "by_differ": "Where the answers of a theme differ clearly",
        "by_mean_chart": "Mean of “{column}” among those who wrote about a theme",
        "by_mean_all": "all answers: {mean}",
        "by_mean_note": "A full mark differs clearly from all answers, an open one does not. The "
        "line through a mark is its 95% interval.",
        "by_gap_chart": "Percentage points above (+) or below (−) all answers",
        "by_gap_note": "Only clear differences are drawn; the line through a mark is its 95% "
        "interval.",
        "by_gap_zero": "as all",
        "by_table": "“{column}” by theme: share of those who answered",
        "by_first": "The {n} most frequent answers are shown; the others are in splits.csv and "
        "themes.json.",
        "by_too_few": "too few to compare",
        "verdicts": {
            "too_few": "too few to compare",
            "like_others": "like the others",
            "lower": "lower ratings",
            "higher": "higher ratings",
            "different": "answers differ",
            "letters": "differs only with the letters of campaigns",
        },
        "answers": "Answers",
        "compare_heading": "Compared with an earlier run",
        "compare_lead": "Beside {other}: {common} comments are in both runs ({before} then, "
        "{after} now).",
        "compare_of": ("Of the one theme then, {what}.", "Of {n} themes then, {what}."),
        "compare_regrouped": "The two runs do not form the same groups: a change below may come "
        "from the grouping, not from people.",
        "compare_parts": {
            "stayed": ("one kept its size", "{n} kept their size"),
            "grew": ("one grew", "{n} grew"),
            "shrank": ("one shrank", "{n} shrank"),
            "went": ("one disappeared", "{n} disappeared"),
        },
        "compare_none": "There were no themes then.",
        "compare_new": ("One appeared.", "{n} appeared."),
        "compare_agreement": "Of {n} comments with a main theme in both runs, the two groupings "
        "agree to {value} (adjusted Rand index: 1 for the same groups, 0 for chance).",
        "compare_chart": "Change in each theme's share, in percentage points",
        "compare_note": "A theme grew or shrank when the whole 95% interval of its change, widened "
        "for the number of themes, lies on one side of zero: its mark is full, that of a theme "
        "that kept its size is open. Themes are matched by the comments and the words they share.",
        "compare_zero": "no change",
        "compare_table": "What became of each theme",
        "compare_then": "Then",
        "compare_now": "Now",
        "compare_change": "What happened",
        "compare_shared": "Comments shared",
        "compare_kinds": {
            "stayed": "kept its size",
            "grew": "grew",
            "shrank": "shrank",
            "appeared": "appeared",
            "went": "disappeared",
        },
        "compare_was": "was “{name}”",
        "compare_from": "mostly from “{theme}” ({share})",
        "compare_to": "mostly now in “{theme}” ({share})",
        "emergent": "Not in the codebook: a candidate made of what fits none of its themes.",
        "nobody": "Nobody spoke of:",
        "contents": "Contents",
        "contents_chart": "Themes by share",
        "themes": "The themes",
        "of_base": "of comments",
        "interval": "95% confidence interval",
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
        "called": "Comment",
        "called_row": "Row",
        "row_note": "Row 1 is the first row below the headings.",
        "theme_confidence": "Confidence",
        "check": "Check",
        "letters_heading": "Letter campaigns",
        "letters_none": "No group of three or more comments shares most of its words.",
        "letters_one": "One letter was sent {n} times, with or without additions. It was analyzed "
        "once and counts as often as it came.",
        "letters": "{k} letters were sent {n} times in all, with or without additions. Each was "
        "analyzed once and counts as often as it came.",
        "letters_more": "{n} smaller campaigns are in themes.json and the workbook.",
        "letters_linked": "Probably the same letter in the other language",
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
        "ids": "Ids",
        "reasons": {
            "no_substantive_answer": "Empty, or nothing but “no comment”",
            "could_not_be_read": "Could not be read",
            "could_not_be_processed": "Could not be processed",
            "too_long": "Too long to be read as one comment",
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
        "method_heading": "How this was made",
        "method": [
            "{n} comments were read from the file ({form}); personal information was hidden before "
            "anything was counted.",
            "Near-identical letters were put together, answers over about 60 words were cut into "
            "passages ({passages} in all), and each passage was turned into numbers that stand for "
            "its meaning in both languages at once ({embedder}).",
            "Passages close in meaning were put together; these groups are the themes. Their "
            "number was not given in advance. Names and keywords are the words people used, chosen "
            "because they are frequent in the theme and rare elsewhere; nothing was translated and "
            "no text was invented.",
            "Everything ran on one computer. Nothing was sent anywhere.",
        ],
        "method_given": [
            "{n} comments were read from the file ({form}); personal information was hidden before "
            "anything was counted.",
            "Near-identical letters were put together, answers over about 60 words were cut into "
            "passages ({passages} in all), and each passage was turned into numbers that stand for "
            "its meaning in both languages at once ({embedder}).",
            "The themes are those of the codebook {codebook}. Each passage was compared with their "
            "names, definitions and examples and put where it fits, in one theme, in several or in "
            "none. What fits none was grouped, where there was enough of it, as a candidate.",
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
        "digests": "Digests in full",
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
        "candidates_n": ("un thème hors grille", "{n} thèmes hors grille"),
        "candidate": "hors grille",
        "title_none": "{comments}, trop peu pour former des groupes",
        "overview": "Des {base} commentaires de fond, {themed} ({share}) relèvent d'un thème. Les "
        "plus importants sont {themes}.",
        "overview_given": "Des {base} commentaires de fond, {themed} ({share}) relèvent d'un thème "
        "de la grille. Les plus importants sont {themes}.",
        "overview_candidates": (
            "Ce qui n'y correspond pas a été regroupé en un thème hors grille.",
            "Ce qui n'y correspond pas a été regroupé en {n} thèmes hors grille.",
        ),
        "overview_one": "Des {base} commentaires de fond, {themed} ({share}) relèvent d'un thème, "
        "{themes}.",
        "overview_gap": "L'écart le plus marqué entre les langues porte sur {theme}\u00a0: {fr} "
        "des commentaires en français, {en} de ceux en anglais.",
        "overview_letters": (
            "Une même lettre représente {n} de ces commentaires ({share}).",
            "{k} lettres représentent {n} de ces commentaires ({share}).",
        ),
        "overview_none": "Les commentaires sont trop peu nombreux, ou ont trop peu en commun, pour "
        "être regroupés valablement. Ils figurent ci-dessous, les renseignements personnels "
        "étant masqués.",
        "overview_nobody": "Aucun commentaire n'aborde un thème de la grille.",
        "overview_low": "Fiabilité faible\u00a0: {reason}.",
        "texts_heading": "Les commentaires",
        "texts_more": "{n} autres figurent dans le fichier des classements.",
        "machine": "Ces thèmes sont proposés par un logiciel et personne ne les a encore examinés. "
        "Lisez les citations, renommez et fusionnez avant de vous fier à un nombre.",
        "machine_given": "Un logiciel a classé les commentaires dans les thèmes de la grille et "
        "personne n'a encore examiné son travail. Lisez les citations avant de vous fier à un "
        "nombre.",
        "unnamed": {
            "en": "Presque aucun commentaire n'est en anglais. Donnez un nom anglais aux thèmes "
            "qui n'en ont pas avant de publier.",
            "fr": "Presque aucun commentaire n'est en français. Donnez un nom français aux thèmes "
            "qui n'en ont pas avant de publier.",
        },
        "fact_comments": ("commentaire", "commentaires"),
        "fact_languages": "français / anglais",
        "fact_themes": ("thème", "thèmes"),
        "fact_candidates": ("thème hors grille", "thèmes hors grille"),
        "fact_letters": ("campagne de lettres, {n} lettres", "campagnes de lettres, {n} lettres"),
        "fact_confidence": "fiabilité",
        "chart_title": "Les thèmes, selon leur part des {n} commentaires de fond",
        "chart_note": "Le trait au bout d'une barre est l'intervalle de confiance de sa part, "
        "à 95\u00a0%.",
        "chart_note_dots": "Le trait qui traverse une marque est l'intervalle de confiance de sa "
        "part, à 95\u00a0%.",
        "table_heading": "Les mêmes nombres en tableau",
        "table_caption": "Commentaires par thème, sur {n} commentaires de fond",
        "theme": "Thème",
        "overlap": "Un long commentaire peut relever de plusieurs thèmes; le total des parts peut "
        "donc dépasser 100\u00a0%. Chaque commentaire a un seul thème principal.",
        "balance_heading": "Les deux langues",
        "balance_chart": "Part des commentaires de chaque langue qui abordent un thème",
        "balance_none": "Aucun thème n'est abordé nettement plus dans une langue que dans l'autre.",
        "balance_some": "Nettement plus dans une langue que dans l'autre\u00a0:",
        "balance_note": "Un écart est net s'il dépasse ce que le hasard produirait parmi {n} "
        "thèmes (test de Fisher, correction de Holm, seuil global de 5\u00a0%).",
        "balance_more": "{theme}\u00a0: {fr} des commentaires en français ({n_fr} sur {all_fr}), "
        "{en} de ceux en anglais ({n_en} sur {all_en}).",
        "balance_letters": "L'écart sur {theme} tient aux lettres d'une campagne\u00a0: sans "
        "elles, le hasard seul pourrait l'expliquer.",
        "balance_one": "Tous les commentaires de fond sont dans une seule langue\u00a0: il n'y a "
        "rien à comparer.",
        "balance_table": "Commentaires dans chaque langue, par thème",
        "in_en": "En anglais",
        "in_fr": "En français",
        "gap_en_fr": "Français moins anglais, en points de pourcentage",
        "map_heading": "Une carte des passages",
        "map_lead": "{shown} des {all} passages différents qui relèvent d'un thème, placés selon "
        "ce qu'ils disent.",
        "map_lead_all": "Les {all} passages différents qui relèvent d'un thème, placés selon ce "
        "qu'ils disent.",
        "map_note": "Chaque marque est un passage\u00a0: un disque en anglais, un carré vide en "
        "français. Plus deux thèmes sont proches, plus leurs propos se ressemblent; plus un cercle "
        "est grand, plus il contient de passages. Dans un cercle, le centre est typique et le bord "
        "l'est moins, et une marque se trouve du côté du thème vers lequel elle penche. Le haut, "
        "le bas, la gauche et la droite ne veulent rien dire. Deux dimensions n'en rendent jamais "
        "fidèlement cinq cents\u00a0: la carte suggère des questions; les réponses sont dans les "
        "chiffres.",
        "map_table": "La carte en tableau",
        "map_of": "{n} passages",
        "map_number": "Nᵒ",
        "map_passages": "Passages différents",
        "map_near": "Le plus proche",
        "map_alone": "aucun",
        "by_heading": "Selon «\u00a0{column}\u00a0»",
        "by_answered": "Des {base} commentaires de fond, {n} sont accompagnés d'une réponse "
        "({share}).",
        "by_answered_all": "Tous les commentaires de fond ({base}) sont accompagnés d'une réponse.",
        "by_na": "Pour {n} autres, la question était sans objet.",
        "by_all": "Ensemble des réponses",
        "by_all_caption": "«\u00a0{column}\u00a0»\u00a0: l'ensemble des {n} réponses",
        "by_low": "Associés à des notes plus basses",
        "by_high": "Associés à des notes plus élevées",
        "by_none": "Aucun thème ne se distingue des autres au-delà de ce que le hasard explique.",
        "by_letters": (
            "{themes} ne se distingue des autres que par les lettres de campagnes\u00a0: sans "
            "elles, le hasard seul pourrait l'expliquer.",
            "{themes} ne se distinguent des autres que par les lettres de campagnes\u00a0: sans "
            "elles, le hasard seul pourrait l'expliquer.",
        ),
        "by_differ": "Là où les réponses d'un thème diffèrent nettement",
        "by_mean_chart": "Moyenne de «\u00a0{column}\u00a0» chez les personnes qui ont abordé un "
        "thème",
        "by_mean_all": "ensemble des réponses\u00a0: {mean}",
        "by_mean_note": "Une marque pleine diffère nettement de l'ensemble des réponses, une "
        "marque vide n'en diffère pas nettement. Le trait qui la traverse est son intervalle à "
        "95\u00a0%.",
        "by_gap_chart": "Points de pourcentage de plus (+) ou de moins (−) que dans l'ensemble des "
        "réponses",
        "by_gap_note": "Seuls les écarts nets sont tracés; le trait qui traverse une marque est "
        "son intervalle à 95\u00a0%.",
        "by_gap_zero": "comme l'ensemble",
        "by_table": "«\u00a0{column}\u00a0» par thème\u00a0: part des personnes qui ont répondu",
        "by_first": "Les {n} réponses les plus fréquentes sont présentées; les autres se trouvent "
        "dans splits.csv et themes.json.",
        "by_too_few": "trop peu pour comparer",
        "verdicts": {
            "too_few": "trop peu pour comparer",
            "like_others": "comme les autres",
            "lower": "notes plus basses",
            "higher": "notes plus élevées",
            "different": "réponses différentes",
            "letters": "diffère seulement avec les lettres de campagnes",
        },
        "answers": "Réponses",
        "compare_heading": "Par rapport à une analyse antérieure",
        "compare_lead": "Par rapport à {other}\u00a0: {common} commentaires sont communs aux deux "
        "analyses ({before} avant, {after} maintenant).",
        "compare_of": ("Du seul thème d'avant, {what}.", "Des {n} thèmes d'avant, {what}."),
        "compare_regrouped": "Les deux analyses ne forment pas les mêmes groupes\u00a0: une "
        "variation ci-dessous peut venir du regroupement plutôt que des personnes.",
        "compare_parts": {
            "stayed": ("un est resté stable", "{n} sont restés stables"),
            "grew": ("un a augmenté", "{n} ont augmenté"),
            "shrank": ("un a diminué", "{n} ont diminué"),
            "went": ("un a disparu", "{n} ont disparu"),
        },
        "compare_none": "Il n'y avait alors aucun thème.",
        "compare_new": ("Un est apparu.", "{n} sont apparus."),
        "compare_agreement": "Concordance des deux regroupements, sur {n} commentaires qui ont un "
        "thème principal dans les deux analyses\u00a0: {value} (indice de Rand ajusté; 1 "
        "pour les mêmes groupes, 0 pour le hasard).",
        "compare_chart": "Variation de la part de chaque thème, en points de pourcentage",
        "compare_note": "Un thème a augmenté ou diminué quand tout l'intervalle à 95\u00a0% de sa "
        "variation, élargi selon le nombre de thèmes, est d'un seul côté de zéro\u00a0: sa marque "
        "est pleine, celle d'un thème resté stable est vide. Les thèmes sont appariés selon les "
        "commentaires et les mots qu'ils ont en commun.",
        "compare_zero": "aucun changement",
        "compare_table": "Ce que chaque thème est devenu",
        "compare_then": "Avant",
        "compare_now": "Maintenant",
        "compare_change": "Ce qui s'est passé",
        "compare_shared": "Commentaires communs",
        "compare_kinds": {
            "stayed": "est resté stable",
            "grew": "a augmenté",
            "shrank": "a diminué",
            "appeared": "est apparu",
            "went": "a disparu",
        },
        "compare_was": "était «\u00a0{name}\u00a0»",
        "compare_from": "vient surtout de «\u00a0{theme}\u00a0» ({share})",
        "compare_to": "surtout dans «\u00a0{theme}\u00a0» maintenant ({share})",
        "emergent": "Absent de la grille\u00a0: thème hors grille, fait de ce qui ne correspond à "
        "aucun de ses thèmes.",
        "nobody": "Personne n'a parlé de\u00a0:",
        "contents": "Sommaire",
        "contents_chart": "Les thèmes selon leur part",
        "themes": "Les thèmes",
        "of_base": "des commentaires",
        "interval": "intervalle de confiance à 95\u00a0%",
        "main": "thème principal de {n}",
        "in_other": "En anglais",
        "more_fr": "On en parle davantage en français\u00a0: {fr} des commentaires en français, "
        "{en} de ceux en anglais. L'écart dépasse ce que le hasard explique.",
        "more_en": "On en parle davantage en anglais\u00a0: {en} des commentaires en anglais, {fr} "
        "de ceux en français. L'écart dépasse ce que le hasard explique.",
        "keywords": "Mots distinctifs",
        "quotes_in": {"en": "En anglais", "fr": "En français"},
        "more": "Autres citations",
        "border": "À la limite\u00a0: ces passages pourraient relever d'un autre thème",
        "parts": "À l'intérieur de ce thème",
        "part_share": "du thème",
        "called": "Commentaire",
        "called_row": "Ligne",
        "row_note": "La ligne 1 est la première sous les en-têtes.",
        "theme_confidence": "Fiabilité",
        "check": "À vérifier",
        "letters_heading": "Campagnes de lettres",
        "letters_none": "Aucun groupe d'au moins trois commentaires n'a l'essentiel de ses mots en "
        "commun.",
        "letters_one": "Une lettre a été envoyée {n} fois, avec ou sans ajouts. Elle a été "
        "analysée une fois et compte autant de fois qu'elle est arrivée.",
        "letters": "{k} lettres ont été envoyées {n} fois en tout, avec ou sans ajouts. Chacune a "
        "été analysée une fois et compte autant de fois qu'elle est arrivée.",
        "letters_more": "{n} campagnes plus petites figurent dans themes.json et dans le classeur.",
        "letters_linked": "Sans doute la même lettre dans l'autre langue",
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
        "aside_some": "Sans thème\u00a0: {n} sur {all}. Aucun commentaire n'a été supprimé; chacun "
        "figure avec sa raison dans le fichier des classements.",
        "reason": "Raison",
        "comments": "Commentaires",
        "share": "Part",
        "rows": "Lignes",
        "ids": "Identifiants",
        "reasons": {
            "no_substantive_answer": "Vide, ou seulement «\u00a0aucun commentaire\u00a0»",
            "could_not_be_read": "Illisible",
            "could_not_be_processed": "N'a pas pu être traité",
            "too_long": "Trop long pour être lu comme un seul commentaire",
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
        "method_heading": "Comment ce rapport a été fait",
        "method": [
            "{n} commentaires ont été lus dans le fichier ({form}); les renseignements personnels "
            "ont été masqués avant tout décompte.",
            "Les lettres presque identiques ont été réunies, les réponses de plus de 60 mots "
            "environ ont été découpées en passages ({passages} en tout), et chaque passage a été "
            "converti en nombres qui en représentent le sens dans les deux langues à la fois "
            "({embedder}).",
            "Les passages de sens voisin ont été réunis\u00a0: ces groupes sont les thèmes. Leur "
            "nombre n'était pas fixé d'avance. Les noms et les mots clés sont ceux que les gens "
            "ont employés, choisis parce qu'ils sont fréquents dans le thème et rares ailleurs; "
            "rien n'a été traduit et aucun texte n'a été inventé.",
            "Tout s'est fait sur un seul ordinateur. Rien n'a été envoyé nulle part.",
        ],
        "method_given": [
            "{n} commentaires ont été lus dans le fichier ({form}); les renseignements personnels "
            "ont été masqués avant tout décompte.",
            "Les lettres presque identiques ont été réunies, les réponses de plus de 60 mots "
            "environ ont été découpées en passages ({passages} en tout), et chaque passage a été "
            "converti en nombres qui en représentent le sens dans les deux langues à la fois "
            "({embedder}).",
            "Les thèmes sont ceux de la grille {codebook}. Chaque passage a été comparé à leurs "
            "noms, à leurs définitions et à leurs exemples, puis classé là où il convient, dans un "
            "thème, dans plusieurs ou dans aucun. Ce qui ne convenait à aucun a été regroupé, en "
            "quantité suffisante, comme thème hors grille.",
            "Tout s'est fait sur un seul ordinateur. Rien n'a été envoyé nulle part.",
        ],
        "limits_heading": "Limites",
        "limits": [
            "Les personnes qui ont écrit ne forment pas un échantillon de la population\u00a0: "
            "les parts sont celles des commentaires, et les intervalles ne disent rien des "
            "personnes qui n'ont pas écrit.",
            "La taille d'un thème indique combien de personnes en ont parlé, non son importance. "
            "Les personnes qui se heurtent à des obstacles sont souvent peu nombreuses.",
            "L'ironie, les fautes et les textes très courts trompent la méthode. Les citations "
            "sont des passages entiers, tels qu'ils ont été écrits, les renseignements personnels "
            "étant masqués; le masquage n'est pas parfait\u00a0: relisez une citation avant de la "
            "publier.",
        ],
        "masked_none": "Aucun renseignement personnel à masquer n'a été trouvé.",
        "masked_one": "Un renseignement personnel a été trouvé et masqué.",
        "masked": "{n} renseignements personnels ont été trouvés et masqués.",
        "notes_heading": "Remarques sur le fichier",
        "repeat": "Pour refaire l'analyse\u00a0: le même fichier, le germe {seed} et "
        "les versions ci-dessous. Empreinte des commentaires\u00a0: {digest}.",
        "digests": "Empreintes complètes",
        "made": "Produit le {date} à partir de {file}",
    },
}
WORDS = typographic_words(WORDS)
