"""Where cards stand: the built-in characters, and folders of a game's own."""

from __future__ import annotations

from pathlib import Path

from fnlloyd.character.loading import CARD_FILE
from fnlloyd.character.problems import nearest
from fnlloyd.errors import UnknownCharacter

_CARDS = Path(__file__).parent / "cards"


def builtin_cards() -> dict[str, Path]:
    """The characters that come with Fnlloyd: folders by id."""
    return {folder.name: folder for folder in sorted(_CARDS.iterdir()) if (folder / CARD_FILE).is_file()}


def find_card(name_or_folder: str | Path) -> Path:
    """Find a card's folder by a built-in character's id or by a path. Raises UnknownCharacter naming the nearest."""
    builtin = builtin_cards()
    named = builtin.get(str(name_or_folder).removeprefix("!").lower())
    if named is not None:
        return named
    folder = Path(name_or_folder).expanduser()
    if (folder / CARD_FILE).is_file():
        return folder
    near = nearest(str(name_or_folder), builtin)
    meant = f'did you mean "{near}"? ' if near else ""
    raise UnknownCharacter(
        f'there is no character "{name_or_folder}", and no folder of that name with a {CARD_FILE}',
        hint=f"{meant}built in: {', '.join(builtin)}",
        field="character",
    )
