"""Addresses on the internet that are somebody's: e-mail, also spelled out, and accounts."""

from __future__ import annotations

import re

from ..word_lists import listed
from . import lists
from .found import Found
from .tokens import Tokens

_LOCAL_LONGEST = 64
_LOCAL = frozenset("._%+'-")
_DOMAIN = re.compile(
    r" ?(?:[^\W_]|-){1,63}"
    r"(?: ?(?:\.|\(dot\)|\[dot\]|\(point\)|\[point\]| dot | point |,) ?"
    r"[a-z0-9-]{2,30}){1,4}(?![^\W_])"
)
_SPACED = re.compile(r"(?: [.,] ?|[.,] | dot | point )")
# An ending with blanks in it is one only where it is well known: "a@b.c in" ends before "in".
_TOP = listed(
    "com ca org net edu info biz gc qc on bc ab io co uk fr us me tv gov dev app email live be ch"
    " quebec tel xyz online site pro name mil int eu de it es in au"
)
_PROVIDERS = listed(
    """
    gmail hotmail outlook yahoo videotron sympatico rogers icloud live protonmail proton aol bell
    shaw telus cogeco eastlink msn ymail gmx laposte orange free mail fastmail me mac sasktel mts
    """
)
_AT = listed("at arobase arobas arrobas arobace aro commercial chez a")
_DOT = listed("dot point pt period")
_TELLING = _DOT | _PROVIDERS
_MINE = listed("my mon ma mes me moi our notre i m add follow friend dm ajoutez suivez contact")
_NETWORKS = listed(
    """
    twitter instagram facebook insta fb linkedin tiktok snapchat snap skype telegram discord reddit
    threads mastodon bluesky whatsapp messenger username user handle pseudo identifiant signal
    utilisateur youtube twitch
    """
)
_PROFILE = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?(?:linkedin\.com/in/|facebook\.com/|fb\.com/|instagram\.com/|"
    r"twitter\.com/|x\.com/|tiktok\.com/@|github\.com/|t\.me/|snapchat\.com/add/|bsky\.app/profile/)"
    r"[\w.%@-]{2,60}"
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_.]{2,40}")


def addresses(tokens: Tokens) -> list[Found]:
    """E-mail addresses and accounts, as offsets in the plain text."""
    found: list[Found] = []
    text, folded = tokens.plain, tokens.folded
    at = folded.find("@")
    while at >= 0:
        span = _around(text, folded, at, at + 1)
        if span is not None:
            found.append(Found(*span, "email"))
        at = folded.find("@", at + 1)
    found += _spelled(tokens)
    found += _accounts(tokens)
    return found


def _around(text: str, folded: str, left: int, right: int) -> tuple[int, int] | None:
    """The address whose sign stands from ``left`` to ``right``."""
    start = left - 1 if left and text[left - 1] == " " else left
    begin = start
    while (
        begin > 0
        and start - begin < _LOCAL_LONGEST
        and (text[begin - 1].isalnum() or text[begin - 1] in _LOCAL)
    ):
        begin -= 1
    while begin < start and not text[begin].isalnum():
        begin += 1
    if begin == start:
        return None
    match = _DOMAIN.match(folded, right)
    if match is None:
        return None
    end = match.end()
    # Labels after a blank are taken only up to a known ending.
    while _SPACED.search(folded, right, end):
        last = re.search(r"[a-z0-9-]+$", folded[right:end])
        if last is not None and last.group() in _TOP:
            break
        cut = list(_SPACED.finditer(folded, right, end))[-1].start()
        end = cut
        if not re.search(r"[.,]|dot|point", folded[right:end]):
            return None
    return begin, end


def _spelled(tokens: Tokens) -> list[Found]:
    """ "jo at example dot org", "marie (arobase) exemple point ca", "jo chez gmail.com"."""
    found: list[Found] = []
    words, n = tokens.words, len(tokens)
    if _TELLING.isdisjoint(words) and "(" not in tokens.plain and "[" not in tokens.plain:
        return found
    for i in range(1, n - 2):
        if words[i] not in _AT:
            continue
        before, after = tokens.gap(i - 1), tokens.gap(i)
        bracketed = before.endswith(("(", "[", "{", "<")) and after[:1] in (")", "]", "}", ">")
        if not bracketed and (before not in (" ", " - ", " _") or after not in (" ", " - ", "_ ")):
            continue
        first = i - 1
        if words[i] == "commercial":
            if words[first] != "a" or first == 0:
                continue
            first -= 1
        end = _domain(tokens, i + 1, bracketed or words[i].startswith("ar"))
        if end is None:
            continue
        first = _local(tokens, first)
        found.append(Found(tokens.starts[first], tokens.ends[end], "email"))
    return found


def _domain(tokens: Tokens, first: int, certain: bool) -> int | None:
    """The last token of a domain that is spelled out or of a well-known provider."""
    words, n = tokens.words, len(tokens)
    at, last, dots = first, None, 0
    spelled = False
    while at + 1 < n and dots < 4:
        gap, nxt = tokens.gap(at), at + 1
        if gap in (".", " . ", ". ", " .", "-"):
            step = nxt
        elif (
            gap in (" ", " (", " [", "(", "[", " {")
            and words[nxt] in _DOT
            and nxt + 1 < n
            and tokens.gap(nxt) in (" ", ") ", "] ", ")", "]", "} ")
        ):
            step, spelled = nxt + 1, True
        else:
            break
        at, dots = step, dots + 1
        if words[at] in _TOP:
            last = at
        elif gap == ". ":
            break
    if last is None:
        return None
    return last if certain or spelled or words[first] in _PROVIDERS else None


def _local(tokens: Tokens, last: int) -> int:
    """The first token of what stands before the sign, at most six back."""
    words, first = tokens.words, last
    for _ in range(6):
        if first == 0:
            break
        gap = tokens.gap(first - 1)
        if gap in (".", "_", "-", "", "+"):
            first -= 1
        elif (
            words[first - 1] in (*_DOT, "underscore", "dash", "tiret", "hyphen", "souligne")
            and first >= 2
            and gap == " "
            and tokens.gap(first - 2) == " "
        ):
            first -= 2
        else:
            break
    return first


def _accounts(tokens: Tokens) -> list[Found]:
    """Profiles and handles that somebody calls his own."""
    text, folded, words = tokens.plain, tokens.folded, tokens.words
    found = []
    if ".com/" in folded or ".me/" in folded or ".app/" in folded:
        for match in _PROFILE.finditer(folded):
            before = folded[max(0, match.start() - 40) : match.start()]
            mine = not _MINE.isdisjoint(re.findall(r"[a-z]{1,12}", before))
            if mine or "/in/" in match.group():
                found.append(Found(*match.span(), "account"))
    if "@" in text:
        for match in _HANDLE.finditer(text):
            before = folded[max(0, match.start() - 40) : match.start()]
            if not _MINE.isdisjoint(re.findall(r"[a-z]{1,12}", before)):
                end = match.end()
                while text[end - 1] == ".":
                    end -= 1
                found.append(Found(match.start(), end, "account"))
    if _NETWORKS.isdisjoint(words):
        return found
    for i, word in enumerate(words):
        if word in _NETWORKS and i + 1 < len(words):
            mine = any(words[k] in _MINE for k in range(max(0, i - 3), i))
            at = i + 1
            while (
                at < len(words)
                and at < i + 5
                and words[at]
                in (
                    "is",
                    "est",
                    "name",
                    "handle",
                    "account",
                    "compte",
                    "username",
                    "id",
                    "le",
                    "at",
                    "nom",
                )
            ):
                at += 1
            if not mine or at >= len(words) or not set(tokens.gap(at - 1)) <= set(" :@'\""):
                continue
            last = at
            while (
                last + 1 < len(words)
                and tokens.gap(last) in ("", "_", ".", "-", "__")
                and last - at < 8
            ):
                last += 1
            told = at > i + 1 or ":" in tokens.gap(at - 1) or "@" in tokens.gap(at - 1)
            odd = last > at
            if told and (odd or "@" in tokens.gap(at - 1)) and words[at] not in lists.stop_words():
                found.append(Found(tokens.starts[at], tokens.ends[last], "account"))
    return found
