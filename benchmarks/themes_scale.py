"""What a text costs as a consultation grows: from a spreadsheet to the report, at several sizes.

    python benchmarks/themes_scale.py [--texts 10000 100000 1000000] [--words 30] [--from DIR]

Writes a spreadsheet of comments in both languages, runs ``python -m analysis`` on it in a process
of its own, and prints one JSON line a size: seconds, texts a second, processor seconds of all
processes, the highest memory of all of them together, and the cost of a text (processor seconds)
relative to the first size.

The comments are sentences that a seeded generator puts together from the words below, so that few
are alike. A few in a hundred say nothing, copy a letter or hold an address. With ``--from`` they
are made of the sentences of every CSV file of a folder that has a column ``text``: closer to how
people write, but the same sentence comes back. ``--words`` is the mean; single comments have from a
quarter of it to thrice.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What twenty subjects are called, and words around them short enough that two comments seldom
# have three words in a row in common. French nouns are masculine, so that they agree.
SUBJECTS = {
    "en": (
        "wait,queue,counter,ticket|bus,route,driver,stop|library,branch,reading room,book van|"
        "form,web site,portal,password|parking,lot,meter,permit|phone line,call centre,hold music|"
        "bike path,lane,trail,helmet rule|water tax,bill,rate,fee|recycling,compost,garbage,bin|"
        "clinic,nurse,doctor,emergency room|playground,swing,slide,park|snow,plough,ice,sidewalk|"
        "housing,rent,landlord,condo|bridge,overpass,tunnel,span|"
        "French service,translation,accent|garden,tree,flower bed,shade|"
        "truck noise,siren,music,traffic hum|speed limit,radar,bump|pool,arena,gym,rink|"
        "budget,debt,spending,audit"
    ),
    "fr": (
        "délai,comptoir,guichet,billet|autobus,trajet,chauffeur,arrêt|livre,rayon,bibliobus,prêt|"
        "formulaire,site Web,portail,code|stationnement,permis,parcomètre|"
        "appel,téléphone,répondeur|sentier,vélo,casque,circuit|impôt,compte d'eau,tarif,relevé|"
        "recyclage,compost,bac,tri|médecin,infirmier,hôpital,dossier|parc,module,carré de sable|"
        "déneigement,trottoir,verglas|logement,loyer,bail,immeuble|pont,viaduc,tunnel,tablier|"
        "service en français,accueil,accent|jardin,arbre,terreau,boisé|"
        "bruit,camion,klaxon,vacarme|radar,dos d'âne,excès de vitesse|"
        "bassin,aréna,gymnase,plongeoir|budget,déficit,contrat,emprunt"
    ),
}
WORDS = {
    "en": {
        "who": (
            "I|we|my sister|our tenants|seniors|newcomers|my dad|families|students|nurses|farmers|"
            "tourists|shop owners|my boss|cyclists|volunteers|everyone|few people|renters|my kids|"
            "coaches|teenagers|drivers|walkers|my aunt|night workers|veterans|parents|fishers|"
            "cooks"
        ),
        "does": (
            "need|avoid|praise|fear|use|share|miss|question|reported|measured|lost|found|tried|"
            "like|dislike|pay for|wait for|photographed|forgot|noticed|support|oppose|remember|"
            "inspected|defended|mentioned|discussed|reached|studied|walked past|rely on|"
            "complain about|visit"
        ),
        "how": (
            "old|new|broken|clean|distant|crowded|quiet|costly|free|rusty|bright|dark|narrow|"
            "public|private|shared|early|late|fair|unfair|rural|central|local|modern|tiny|huge|"
            "wet|frozen|friendly|confusing|reliable|hidden|famous|temporary|promised|unsafe|"
            "pleasant|noisy"
        ),
        "where": (
            "downtown|near school|on Elm Street|by the river|in Ward Six|at the mall|uptown|here|"
            "across town|behind city hall|in our village|near the station|on the island|next door|"
            "at noon|on Sundays|in January|after supper|since March|before dawn|every spring|"
            "daily|last week|all summer|once a month|during storms|at rush hour|on holidays|"
            "in the rain"
        ),
        "link": (
            "because|although|while|and|but|so|since|until|unless|whenever|even if|which means|"
            "where|after|before|as if|though|whereas|and yet|or else|provided|given that|just as|"
            "once"
        ),
    },
    "fr": {
        "who": (
            "je constate que mon voisin|on dit que le maire|mon frère|le commerçant|chaque aîné|"
            "notre locataire|le touriste|mon patron|un cycliste|le bénévole|"
            "personne ne sait si on|mon fils|le pêcheur|un étudiant|mon oncle|le fermier|"
            "un ancien combattant|le piéton|ma mère|un jeune couple|le gardien|mon équipe|"
            "tout le monde|le nouvel arrivant|ma fille"
        ),
        "does": (
            "utilise|évite|craint|partage|cherche|paie|attend|oublie|remarque|appuie|refuse|"
            "mesure|photographie|mentionne|étudie|retrouve|visite|dénonce|apprécie|critique|"
            "surveille|perd|demande|réclame|compare|défend|répare|entretient|connaît|regrette|"
            "espère|trouve|néglige"
        ),
        "how": (
            "vieux|brisé|propre|lointain|bondé|tranquille|coûteux|gratuit|rouillé|étroit|public|"
            "privé|commun|tardif|juste|injuste|rural|central|local|moderne|minuscule|immense|gelé|"
            "confus|fiable|caché|célèbre|temporaire|promis|dangereux|agréable|bruyant|municipal|"
            "rénové"
        ),
        "where": (
            "au centre-ville|près d'ici|rue des Ormes|au bord du lac|dans le quartier|à la gare|"
            "hier|derrière la mairie|au village|sur l'île|à midi|le dimanche|en janvier|"
            "après souper|depuis mars|avant l'aube|chaque printemps|tout l'été|une fois par mois|"
            "pendant l'orage|à l'heure de pointe|les jours fériés|sous la pluie|à deux pas|"
            "en région|tôt le matin"
        ),
        "link": (
            "parce que|même si|pendant que|et|mais|alors|depuis que|tant que|sauf si|"
            "chaque fois que|bien que|ce qui veut dire que|là où|après quoi|comme si|tandis que|"
            "pourtant|sinon|puis"
        ),
    },
}
LETTERS = {
    "en": (
        "I am writing to ask the council to keep the Maple Street library open six days a week. "
        "It is the only place in our neighbourhood where seniors can use a computer for free, and "
        "closing it would save very little money."
    ),
    "fr": (
        "J'écris pour demander au conseil de garder ouverte la bibliothèque de la rue des Érables "
        "six jours par semaine. C'est le seul endroit du quartier où les aînés peuvent utiliser un "
        "ordinateur gratuitement, et la fermer ferait épargner très peu d'argent."
    ),
}
NOTHING = {"en": ("n/a", "No comment", "nothing to add"), "fr": ("s.o.", "Rien à ajouter", "non")}
PRIVATE = {"en": "Call me at 613-555-0142.", "fr": "Écrivez-moi à {}@exemple.ca."}


class Written:
    """Sentences put together from the words above."""

    def __init__(self) -> None:
        self._words = {
            code: {name: text.split("|") for name, text in words.items()}
            for code, words in WORDS.items()
        }
        self._subjects = {
            code: [names.split(",") for names in text.split("|")] for code, text in SUBJECTS.items()
        }

    def sentence(self, code: str, subject: int, chance: random.Random) -> str:
        parts: list[str] = []
        for turn in range(chance.randint(1, 3)):
            word = {name: chance.choice(words) for name, words in self._words[code].items()}
            noun = chance.choice(self._subjects[code][subject])
            parts += [word["link"]] if turn else []
            parts += [word["who"], word["does"]]
            parts += ["the", word["how"], noun] if code == "en" else ["le", noun, word["how"]]
            parts += [word["where"]] if chance.random() < 0.7 else []
            parts += [str(chance.randint(2, 90))] if chance.random() < 0.1 else []
        text = " ".join(parts)
        return text[0].upper() + text[1:] + "."


class Taken:
    """Sentences of other people's texts, by language."""

    def __init__(self, folder: Path) -> None:
        self._sentences: dict[str, list[str]] = {"en": [], "fr": []}
        csv.field_size_limit(10**9)
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    if row.get("text") and row.get("lang", "en") in self._sentences:
                        found = re.split(r"(?<=[.!?])\s+", row["text"])
                        self._sentences[row.get("lang", "en")] += [s for s in found if len(s) > 20]
        if not all(self._sentences.values()):
            raise SystemExit(f"{folder} has no CSV files with English and French texts.")

    def sentence(self, code: str, subject: int, chance: random.Random) -> str:
        known = self._sentences[code]
        # A comment stays near one place of the list: the same set, often the same subject.
        at = subject * len(known) // 20 + chance.randrange(len(known) // 20)
        return known[at]


def comments(n: int, words: int, source: Written | Taken, seed: int) -> Iterator[tuple[str, str]]:
    """(language, text) of ``n`` comments; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(n):
        code = "fr" if chance.random() < 0.35 else "en"
        kind = chance.random()
        if kind < 0.02:
            yield code, chance.choice(NOTHING[code])
            continue
        if kind < 0.04:
            own = source.sentence(code, chance.randrange(20), chance)
            yield code, LETTERS[code] + (" " + own if chance.random() < 0.3 else "")
            continue
        wanted = 0.86 * words * min(3.0, max(0.25, chance.lognormvariate(-0.15, 0.55)))
        subject = chance.randrange(20)
        said: list[str] = []
        while not said or len(" ".join(said).split()) < wanted - 6:
            said.append(source.sentence(code, subject, chance))
            if chance.random() < 0.15:
                subject = chance.randrange(20)
        if chance.random() < 0.01:
            said.append(PRIVATE[code].format(f"jo{chance.randrange(10**6)}"))
        yield code, " ".join(said)


def write(path: Path, n: int, words: int, source: Written | Taken, seed: int) -> float:
    """The spreadsheet; returns the mean number of words."""
    total = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "language", "comment"])
        for number, (code, text) in enumerate(comments(n, words, source, seed), start=1):
            total += len(text.split())
            out.writerow([number, code, text])
    return total / n


class Watched(threading.Thread):
    """The memory of a process and its children together, looked at four times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak = 0.0

    def run(self) -> None:
        while (now := sum(map(_proportional_mib, _family(self._pid)))) > 0:
            self.peak = max(self.peak, now)
            time.sleep(0.25)


def _family(pid: int) -> list[int]:
    found = [pid]
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return found
    for child in children:
        found += _family(int(child))
    return found


def _proportional_mib(pid: int) -> float:
    """Memory of one process; what several share counts once, in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measure(table: Path, out: Path) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak MiB of the whole command."""
    command = [sys.executable, "-m", "analysis", str(table), "--text", "comment"]
    command += ["--lang", "language", "--id", "id", "--out", str(out), "--format", "html,json,csv"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    before = os.times()
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    watched = Watched(process.pid)
    watched.start()
    if process.wait() != 0:
        raise SystemExit(f"The analysis ended with {process.returncode}.")
    seconds = time.perf_counter() - began
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return seconds, used, watched.peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--words", type=int, default=30)
    parser.add_argument("--from", type=Path, dest="folder", metavar="DIR")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    source = Taken(arguments.folder) if arguments.folder else Written()
    first = 0.0
    for n in arguments.texts:
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "comments.csv"
            mean = write(table, n, arguments.words, source, arguments.seed)
            seconds, used, peak = measure(table, Path(folder) / "report")
            result = json.loads((Path(folder) / "report" / "themes.json").read_text())
        first = first or used / n
        line = {
            "texts": n,
            "words": round(mean, 1),
            "seconds": round(seconds, 1),
            "texts_per_second": round(n / seconds, 1),
            "processor_seconds": round(used, 1),
            "peak_mib": round(peak),
            "cost_to_first": round(used / n / first, 2),
            "themes": len(result["themes"]),
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
