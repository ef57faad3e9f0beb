"""Awkward things models write, each with what a listener should hear: tests/corpus/awkward.jsonl."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from fnlloyd.text import Reading, Sentence

CORPUS = Path(__file__).parents[1] / "corpus" / "awkward.jsonl"
FEWEST = 380


@dataclass(frozen=True)
class Entry:
    kind: str
    raw: str
    spoken: str
    shown: str | None = None
    starts_inside: bool = False


def entries() -> list[Entry]:
    return [Entry(**json.loads(line)) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def read(entry: Entry, pieces: Sequence[str]) -> tuple[str, list[Sentence]]:
    reading = Reading(["!Fnlloyd"], starts_inside_thought=entry.starts_inside)
    steps = [*map(reading.feed, pieces), reading.flush()]
    return "".join(step.shown for step in steps), [sentence for step in steps for sentence in step.sentences]


def chopped(text: str, seed: int) -> list[str]:
    chance = random.Random(seed)
    pieces = []
    while text:
        length = chance.randint(1, 7)
        pieces.append(text[:length])
        text = text[length:]
    return pieces


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: f"{entry.kind}: {ascii(entry.raw)[:60]}")
def test_a_listener_hears_what_was_meant_however_it_was_chopped(entry: Entry) -> None:
    for pieces in ([entry.raw], list(entry.raw), chopped(entry.raw, seed=len(entry.raw))):
        shown, sentences = read(entry, pieces)
        assert " ".join(sentence.spoken for sentence in sentences if sentence.spoken) == entry.spoken
        assert "".join(sentence.shown for sentence in sentences) == shown
        if entry.shown is not None:
            assert shown.strip() == entry.shown


def test_the_corpus_is_large_and_repeats_nothing() -> None:
    texts = [(entry.raw, entry.starts_inside) for entry in entries()]
    assert len(texts) >= FEWEST
    assert len(set(texts)) == len(texts)
