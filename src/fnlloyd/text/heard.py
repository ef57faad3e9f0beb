"""Which words of a line were heard when it was cut. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fnlloyd.events import LineSentence


def heard_text(sentences: Sequence[LineSentence], at_ms: float) -> str:
    """The words whose sound had ended `at_ms` milliseconds into the line.

    Within a sentence time is shared out by letters, as voices without word timings give nothing better;
    a word counts when it was finished. Sentences without sound are heard when the one before them is.
    """
    words: list[str] = []
    for sentence in sentences:
        if sentence.start_ms > at_ms:
            break
        if sentence.start_ms + sentence.duration_ms <= at_ms:
            words.append(sentence.text)
            continue
        words.append(_beginning(sentence.text, (at_ms - sentence.start_ms) / sentence.duration_ms))
        break
    return " ".join(word for word in words if word)


def _beginning(text: str, share: float) -> str:
    letters = int(len(text) * share)
    if letters >= len(text):
        return text
    whole = text[: letters + 1]
    return whole.rpartition(" ")[0].rstrip() if " " in whole else ""
