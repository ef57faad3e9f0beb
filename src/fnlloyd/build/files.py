"""Which files the settings need on this machine: the card, embedded models, a voice."""

from __future__ import annotations

import anyio.to_thread

from fnlloyd.assets import Assets, Progress
from fnlloyd.assets.catalogue import DEFAULT_VOICE
from fnlloyd.character import Card, find_card, load_card
from fnlloyd.config import Settings
from fnlloyd.engines import is_embedded, parse_llamacpp


def read_card(settings: Settings) -> Card:
    """The character of these settings. Reads files. Raises UnknownCharacter or CardError."""
    return load_card(find_card(settings.character))


async def fetch_assets(settings: Settings, on_progress: Progress) -> None:
    """Fetch what is missing, telling how far it is. Raises AssetError, saying which file to put where."""
    card = await anyio.to_thread.run_sync(read_card, settings)
    assets = Assets(settings.home, on_progress=on_progress)
    for url in settings.engine.engines:
        if is_embedded(url):
            await assets.model(parse_llamacpp(url).spec)
    voice = piper_name(await anyio.to_thread.run_sync(choose_voice, settings, card, assets))
    if voice is not None:
        await assets.voice(voice)


def choose_voice(settings: Settings, card: Card, assets: Assets) -> str:
    """The URL of the voice to use: the first wished for that is here, else the first that can be fetched.

    The settings' wishes are meant; the card's are only wishes, so if none of them is here the default voice is
    fetched where the card lists it. Looks at the disk.
    """
    wishes = settings.voice.urls or list(card.voices) or ["none:"]
    here = (url for url in wishes if (name := piper_name(url)) is None or assets.have_voice(name))
    found = next(here, None)
    if found is not None:
        return found
    if settings.voice.urls:
        return wishes[0]
    return next((url for url in wishes if piper_name(url) == DEFAULT_VOICE), wishes[0])


def piper_name(url: str) -> str | None:
    """The name of the Piper voice a URL means, None where no file has to be found by name."""
    scheme, _, rest = url.partition(":")
    name = rest.partition("?")[0]
    return name if scheme == "piper" and not name.endswith(".onnx") else None
