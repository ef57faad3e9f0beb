"""The control tokens of chat templates, and what each says about whose turn it is. Data, and one question."""

from __future__ import annotations

import re

# Named tokens first; then the general shape <|anything|>, also with the full-width bars of some models.
_NAMED = (
    "<s>",
    "</s>",
    "<bos>",
    "<eos>",
    "<pad>",
    "<unk>",
    "<mask>",
    "<sep>",
    "<cls>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "<start_of_image>",
    "<<sys>>",
    "<</sys>>",
    "[inst]",
    "[/inst]",
    "[tool_calls]",
    "[system_prompt]",
    "[/system_prompt]",
)
_LONGEST = 48
_SHAPE = rf"<[|｜][^<>|｜\n]{{0,{_LONGEST}}}[|｜]>|<unused\d{{1,4}}>"

TOKEN = re.compile("|".join(map(re.escape, _NAMED)) + "|" + _SHAPE, re.IGNORECASE)

# After one of these the model has finished its turn; what follows is not part of the answer.
END = re.compile(
    r"</s>|<eos>|<end_of_turn>|<end_of_utterance>"
    r"|<[|｜](?:im_end|endoftext|end_of_text|eot_id|eom_id|eot|end|return|call|end▁of▁sentence|end_of_turn_token)[|｜]>",
    re.IGNORECASE,
)
# A role's name follows these.
ROLE_FOLLOWS = re.compile(r"<start_of_turn>|<\|(?:im_start|start_header_id|start|start_of_role)\|>", re.IGNORECASE)
# The other side speaks after these.
OTHER_SIDE = re.compile(r"\[inst\]|<<sys>>|<[|｜](?:user|system|human|prompter|user_token)[|｜]>", re.IGNORECASE)
# And the character speaks after these.
OWN_SIDE = re.compile(r"\[/inst\]|<[|｜](?:assistant|chatbot_token)[|｜]>", re.IGNORECASE)

_SHAPE_START = re.compile(rf"<[|｜][^<>|｜\n]{{0,{_LONGEST}}}[|｜]?|<unused\d{{0,4}}", re.IGNORECASE)


def may_become_token(tail: str) -> bool:
    """Whether a text that ends in `tail` could still complete a control token."""
    tail = tail.lower()
    return any(token.startswith(tail) for token in _NAMED) or bool(
        _SHAPE_START.fullmatch(tail) or "<unused".startswith(tail)
    )
