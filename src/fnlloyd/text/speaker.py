"""Who is speaking in a stream: drop the character's own labels and control tokens, stop where another begins.

A label counts only at the start of a line: "Player: ..." after the character has spoken is the other side of
the dialogue, and the reading is over. Before that it is an echo, skipped until the character's own label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from fnlloyd.text.tokens import END, OTHER_SIDE, OWN_SIDE, ROLE_FOLLOWS, TOKEN, may_become_token

_OWN_ROLES = ("assistant", "ai", "model", "bot", "response", "character", "npc", "final")
_OTHER_ROLES = ("player", "user", "human", "system", "the player", "prompter", "tool")
# Words that begin honest lines too ("You: a hero."): they end the reading only once something has been said.
_LATE_OTHER_ROLES = ("you", "instruction", "input")

_MARKS_BEFORE = r"[ \t]*[>#*_\[\"“]{0,4}[ \t]*"
_MARKS_AFTER = r"[\]*_]{0,3}[ \t]{0,2}(?:\([^()\n:]{0,40}\)[ \t]?)?[\]*_]{0,3}"
_LABEL_SUFFIX_START = re.compile(
    r"[\]*_]{0,3}[ \t]{0,2}(?:\([^()\n:]{0,40}(?:\)[ \t]?[\]*_]{0,3})?)?(?:[:：][*_]*[ \t]*)?"
)
_BEFORE = re.compile(_MARKS_BEFORE)
_LONGEST_LABEL = 120
_LONGEST_ROLE = 40
_ROLE_END = re.compile(r"[\n:]|<\|end_header_id\|>|<\|end_of_role\|>|<\|message\|>|<\|im_sep\|>", re.IGNORECASE)
_INTERESTING = re.compile(r"[<\[\n]")


@lru_cache(maxsize=64)
def _labels(
    names: tuple[str, ...], others: tuple[str, ...]
) -> tuple[frozenset[str], frozenset[str], frozenset[str], re.Pattern[str]]:
    """Own names, others' names, others' names that count only later on, and the pattern of them all.

    The same for every line of a character, so it is worked out once.
    """
    own = frozenset(variant for name in names for variant in _variants(name))
    ours = own | frozenset(_OWN_ROLES)
    theirs = frozenset(name.lower() for name in (*others, *_OTHER_ROLES)) - own
    late = frozenset(_LATE_OTHER_ROLES) - own
    return ours, theirs, late, _label_pattern(ours | theirs | late)


class Speaker:
    """Passes on the words of the character alone.

    `names` are the character's own; `others` those of people it talks with, besides the usual role names.
    `ended` turns True where its turn is over; the rest of the stream is swallowed.
    """

    def __init__(self, names: Sequence[str] = (), others: Sequence[str] = ()) -> None:
        self._own, self._others, self._late_others, self._label = _labels(tuple(names), tuple(others))
        self._held = ""
        self._line_start = True
        self._said = False
        self._skipping = False
        self._role_follows = False
        self.ended = False

    def feed(self, piece: str) -> str:
        if self.ended:
            return ""
        self._held += piece
        return self._scan(final=False)

    def flush(self) -> str:
        return "" if self.ended else self._scan(final=True)

    def _scan(self, *, final: bool) -> str:
        text, at, out = self._held, 0, []
        while at < len(text) and not self.ended:
            step, words = self._step(text, at, final=final)
            if not step:
                break
            at += step
            out.append(self._pass(words))
        self._held = "" if self.ended else text[at:]
        return "".join(out)

    def _step(self, text: str, at: int, *, final: bool) -> tuple[int, str]:
        """How many characters can be decided now (0: wait for more), and what of them is speech."""
        if self._role_follows:
            return self._read_role(text, at, final=final)
        if self._line_start and (found := self._read_label(text, at, final=final)) is not None:
            return found, ""
        if text[at] in "<[" and (found := self._read_token(text, at, final=final)) is not None:
            return found, ""
        self._line_start = text[at] == "\n"
        if text[at] == "\n":
            return 1, "\n"
        nearest = _INTERESTING.search(text, at + 1)
        end = nearest.start() if nearest else len(text)
        return end - at, text[at:end]

    def _read_label(self, text: str, at: int, *, final: bool) -> int | None:
        """Length of the label here; 0 if more text must tell; None if there is none."""
        tail = text[at : at + _LONGEST_LABEL]
        label = self._label.match(tail)
        if label and (final or label.end() < len(tail)):
            return self._take_label(label)
        if not final and self._may_become_label(tail):
            return 0
        return None

    def _take_label(self, label: re.Match[str]) -> int | None:
        name = label["name"].lower()
        if name in self._late_others and not self._said:
            return None
        if name in self._own:
            self._skipping = False
        else:
            self._leave()
        self._line_start = False
        return label.end()

    def _may_become_label(self, tail: str) -> bool:
        before = _BEFORE.match(tail)
        rest = tail[before.end() if before else 0 :].lower()
        if len(tail) >= _LONGEST_LABEL:
            return False
        for name in (*self._own, *self._others, *self._late_others):
            if name.startswith(rest) or (rest.startswith(name) and _LABEL_SUFFIX_START.fullmatch(rest, len(name))):
                return True
        return False

    def _read_token(self, text: str, at: int, *, final: bool) -> int | None:
        token = TOKEN.match(text, at)
        if token is None:
            wait = not final and may_become_token(text[at : at + 64])
            return 0 if wait else None
        if OTHER_SIDE.fullmatch(token[0]):
            self._leave()
        elif OWN_SIDE.fullmatch(token[0]):
            self._skipping = False
        elif END.fullmatch(token[0]):
            self.ended = self._said
        elif ROLE_FOLLOWS.fullmatch(token[0]):
            self._role_follows = True
        return len(token[0])

    def _read_role(self, text: str, at: int, *, final: bool) -> tuple[int, str]:
        """After <|im_start|> and its like comes a role, up to the end of its line."""
        tail = text[at : at + _LONGEST_ROLE]
        end = _ROLE_END.search(tail)
        if end is None and len(tail) < _LONGEST_ROLE and not final:
            return 0, ""
        self._role_follows = False
        self._line_start = True
        if end is None:  # words follow at once: only the role itself goes, if there is one
            word = tail.strip().partition(" ")[0]
            is_role = word.lower() in self._own
            return (tail.index(word) + len(word), "") if is_role else self._step(text, at, final=final)
        role = tail[: end.start()].strip().lower()
        if role and role not in self._own:
            self._leave()
        else:
            self._skipping = False
        return end.end(), ""

    def _leave(self) -> None:
        """Another's turn begins: the end, or an echo to skip if nothing has been said yet."""
        self.ended = self._said
        self._skipping = not self._said

    def _pass(self, words: str) -> str:
        if self._skipping:
            return ""
        if not self._said:
            words = words.lstrip()
            self._said = bool(words)
        return words


def _variants(name: str) -> Iterable[str]:
    """!Fnlloyd is also written Fnlloyd."""
    bare = name.strip().lower()
    return {bare, bare.lstrip("!@")} - {""}


def _label_pattern(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    one = "|".join(map(re.escape, longest_first))
    return re.compile(rf"{_MARKS_BEFORE}(?P<name>{one}){_MARKS_AFTER}[:：][*_]*[ \t]*", re.IGNORECASE)
