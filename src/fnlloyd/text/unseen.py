"""Characters nobody sees: controls, zero widths, direction marks, halves of broken pairs."""

from __future__ import annotations

import re

# Not here: the joiners and selectors inside emoji and Indic or Persian words (200C, 200D, FE0F), which the eye needs.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    r"\ud800-\udfff]"
)


def without_unseen(text: str) -> str:
    return _UNSEEN.sub("", text)
