"""Who speaks: the card, its moods and lines, the prompt, the guard."""

from fnlloyd.character.budget import Budget, TokenCounts, estimate_tokens
from fnlloyd.character.card import Card, load_card
from fnlloyd.character.guard import Guard, Verdict, Watch
from fnlloyd.character.lines import CannedLine, LineBook
from fnlloyd.character.moods import merge_patch, read_mood
from fnlloyd.character.prompt import build_prompt, prompt_texts, warm_prompt
from fnlloyd.character.shelf import builtin_cards, find_card

__all__ = [
    "Budget",
    "CannedLine",
    "Card",
    "Guard",
    "LineBook",
    "TokenCounts",
    "Verdict",
    "Watch",
    "build_prompt",
    "builtin_cards",
    "estimate_tokens",
    "find_card",
    "load_card",
    "merge_patch",
    "prompt_texts",
    "read_mood",
    "warm_prompt",
]
