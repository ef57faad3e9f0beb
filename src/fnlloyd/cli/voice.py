"""`fnlloyd voice`: the voices there are, how they sound, and lines rendered ahead."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
from cyclopts import Parameter

from fnlloyd.cli import flags
from fnlloyd.cli.terminal import counting, err, fetching, out, table
from fnlloyd.errors import SetupError, VoiceFailed

if TYPE_CHECKING:
    from fnlloyd.assets.catalogue import Asset
    from fnlloyd.character import Card
    from fnlloyd.config import Settings
    from fnlloyd.voices import Rendered

app = cyclopts.App(
    name="voice",
    help_epilogue="Piper, which speaks `piper:` voices, is GPL-3.0 and runs in a process of its own. "
    "Each voice has its own licence: `fnlloyd voice list`.",
)


@app.command(
    name="list",
    help_epilogue="""
**Examples**

- `fnlloyd voice list`
- `fnlloyd voice list --character ./my-card`
""",
)
def list_voices(*, character: flags.Character = None, home: flags.Home = None, config: flags.Config = None) -> None:
    """List the voices known, their licence and size, whether they are here, and which the card likes best."""
    from fnlloyd.assets import Assets
    from fnlloyd.assets.catalogue import VOICES
    from fnlloyd.build import read_card
    from fnlloyd.cli.model import size_of
    from fnlloyd.cli.serve import open_settings

    settings = open_settings({"character": character, "home": home, "config": config}).settings
    assets = Assets(settings.home)
    card = read_card(settings)
    liked = [url.removeprefix("piper:") for url in card.voices]
    here = [folder.name for folder in sorted(settings.voices.glob("*/")) if any(folder.glob("*.onnx"))]
    rows = table("voice", "what it is", "licence", "size", "here", f"liked by {card.name}")
    for name in dict.fromkeys([*liked, *VOICES, *here]):
        asset = _asset(name)
        if asset is None:
            rows.add_row(name, "", "", "", "", "")
            continue
        place = f"{liked.index(name) + 1}." if name in liked else ""
        is_here = "yes" if assets.have_voice(name) else "no"
        rows.add_row(name, asset.about or "a Piper voice", asset.licence, size_of(asset), is_here, place)
    rows.add_row("tone:", "beeps, for tests", "Apache-2.0", "0 MB", "yes", "")
    out.print(rows)
    err.note("Piper itself is GPL-3.0 and runs in a process of its own. Any of its voices can be pulled by name.")


@app.command(
    help_epilogue="""
**Examples**

- `fnlloyd voice pull en_GB-alan-medium`
"""
)
def pull(
    name: Annotated[str, Parameter(help="A Piper voice's name, such as en_GB-alan-medium.")] = "",
    /,
    *,
    home: flags.Home = None,
    config: flags.Config = None,
) -> None:
    """Fetch a voice, check it, and say where it is. Without a name, the default one."""
    from fnlloyd.assets import Assets
    from fnlloyd.cli.running import run_async
    from fnlloyd.cli.serve import open_settings

    settings = open_settings({"home": home, "config": config}).settings
    with fetching() as bars:
        files = run_async(Assets(settings.home, on_progress=bars).voice, name.removeprefix("piper:"))
    out.say(str(files.model))
    err.note("its licence: fnlloyd voice list")


@app.command(
    help_epilogue="""
**Examples**

- `fnlloyd voice say "I say, we're rather doomed, aren't we?"`
- `fnlloyd voice say "Capital!" --voice piper:en_GB-alan-medium --save capital.wav`
"""
)
def say(
    text: Annotated[str, Parameter(help="What to say.")],
    /,
    *,
    save: Annotated[Path | None, Parameter(help="Write the sound into this WAV file.")] = None,
    sound: Annotated[bool, Parameter(help="Play it where there is a sound device.")] = True,
    voice: flags.Voice = None,
    character: flags.Character = None,
    home: flags.Home = None,
    config: flags.Config = None,
) -> None:
    """Say a sentence in a voice: play it, save it, or both."""
    import anyio

    from fnlloyd.cli.player import Player
    from fnlloyd.cli.running import run_async
    from fnlloyd.cli.serve import open_settings
    from fnlloyd.voices import wav

    given = {"voice": voice, "character": character, "home": home, "config": config}
    settings = open_settings(given).settings
    player = Player() if sound else None
    if save is None and (player is None or not player.can_play):
        raise SetupError("there is no way to play sound here", hint="--save FILE.wav keeps it instead")

    async def speak() -> int:
        from fnlloyd.build import open_voices, read_card
        from fnlloyd.turn import spoken_form

        card = read_card(settings)
        await _fetch_voice(settings)
        async with open_voices(settings, card) as speaker:
            if speaker is None:
                raise SetupError("none: is no voice", hint="choose one with --voice, such as --voice tone:")
            pcm = bytearray()
            if player is not None:
                await player.begin(speaker.format.sample_rate, speaker.format.channels)
            async with aclosing(speaker.speak(spoken_form(card, text))) as chunks:
                async for chunk in chunks:
                    pcm += chunk
                    if player is not None:
                        player.feed(chunk)
            if player is not None:
                await player.finish()
            if save is not None:
                await anyio.Path(save).write_bytes(wav(bytes(pcm), speaker.format))
            return speaker.format.duration_ms(len(pcm))

    milliseconds = run_async(speak)
    if save is not None:
        out.say(str(save))
    err.note(f"{milliseconds / 1000:.1f} s")


@app.command(
    help_epilogue="""
A server renders them by itself while nobody needs its voice; do it here to have all of them before the first start,
or to put them into an image. It can be stopped and goes on where it was.

**Examples**

- `fnlloyd voice render`
- `fnlloyd voice render --character ./my-card --voice piper:en_GB-alan-medium`
"""
)
def render(
    *,
    character: flags.Character = None,
    voice: flags.Voice = None,
    home: flags.Home = None,
    config: flags.Config = None,
) -> int:
    """Render all of a character's own lines ahead, so that each is there at once."""
    from fnlloyd.build import read_card
    from fnlloyd.cli.running import run_async
    from fnlloyd.cli.serve import open_settings

    settings = open_settings({"character": character, "voice": voice, "home": home, "config": config}).settings
    card = read_card(settings)
    done = run_async(_render, settings, card)
    out.say(f"{done.lines} lines: {done.made} rendered, {done.present} were there, {len(done.failed)} failed")
    for line in done.failed:
        err.problem(f"not rendered: {line}")
    if done.stopped:
        raise VoiceFailed(
            "the voice failed several times in a row, so the rest was not tried",
            hint="`fnlloyd voice say` with the same --voice shows whether it speaks at all",
        )
    return 1 if done.failed else 0


async def _render(settings: Settings, card: Card) -> Rendered:
    from fnlloyd.build import open_voices
    from fnlloyd.turn import spoken_form
    from fnlloyd.voices import ClipStore, render_ahead

    await _fetch_voice(settings)
    async with open_voices(settings, card) as speaker:
        if speaker is None:
            raise SetupError("none: is no voice", hint="choose one with --voice")
        clips = ClipStore(settings.clips, memory_bytes=0)
        lines = [spoken_form(card, line) for line in card.book.all_lines()]
        with counting() as progress:
            bar = progress.add_task(f"rendering {card.name}", total=len(lines))

            def show(so_far: Rendered) -> None:
                done = so_far.made + so_far.present + len(so_far.failed)
                progress.update(bar, completed=done, total=so_far.lines)

            return await render_ahead(speaker, clips, lines, on_progress=show)


async def _fetch_voice(settings: Settings) -> None:
    """Fetch the voice alone: no model is needed to speak."""
    from fnlloyd.build import fetch_assets

    only_voice = settings.model_copy(update={"engine": settings.engine.model_copy(update={"engines": ["scripted:"]})})
    with fetching() as bars:
        await fetch_assets(only_voice, bars)


def _asset(name: str) -> Asset | None:
    from fnlloyd.assets.catalogue import piper_voice

    return piper_voice(name)
