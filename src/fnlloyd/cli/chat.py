"""`fnlloyd chat`: talk with the character in a terminal."""

from __future__ import annotations

import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
from cyclopts import Parameter

if TYPE_CHECKING:
    from fnlloyd.cli.screen import Screen
    from fnlloyd.cli.talk import Talk, Whom

INTERRUPTED = 130
HERE = "ws://127.0.0.1:8000/chat"

app = cyclopts.App(
    name="chat",
    help_epilogue="""
Words come as they are written; after each line stand its source, his mood and how long it took. While he speaks,
Ctrl-C cuts him short; twice, it leaves. `/help` tells what else can be done. Lines may come from a pipe.

**Examples**

- `fnlloyd chat`
- `fnlloyd chat "Good evening!"`
- `fnlloyd chat "/event boss_appear hp=300" --save boss.wav`
- `printf 'Hello!\\nWho are you?\\n' | fnlloyd chat --json`
""",
)


@app.default
def chat_command(
    message: Annotated[str | None, Parameter(help="Say this, wait for the line, and leave.")] = None,
    /,
    *,
    url: Annotated[str, Parameter(help="Where the server is.")] = HERE,
    session: Annotated[str | None, Parameter(help="Go on with this session; without it, a new one.")] = None,
    character: Annotated[str | None, Parameter(help="With whom to talk, where there are several.")] = None,
    token: Annotated[str | None, Parameter(help="The server's key; FNLLOYD_TOKEN is better.")] = None,
    save: Annotated[Path | None, Parameter(help="Write all sound into this WAV file.")] = None,
    sound: Annotated[bool, Parameter(help="Play sound where there is a device.")] = True,
    json: Annotated[bool, Parameter(negative=(), help="Print the server's messages as they are, one a line.")] = False,
) -> int:
    """Talk with the character in this terminal."""
    import anyio

    from fnlloyd.cli.screen import Screen
    from fnlloyd.cli.talk import Whom
    from fnlloyd.config import client_token

    whom = Whom(url, session, character, token or client_token())
    return anyio.run(_chat, whom, Screen(raw=json), message, save, sound)


async def _chat(whom: Whom, screen: Screen, message: str | None, save: Path | None, sound: bool) -> int:
    import anyio

    from fnlloyd.cli.ear import Ear
    from fnlloyd.cli.player import Player
    from fnlloyd.cli.talk import Talk

    ear = Ear(Player() if sound else None, save, screen.note)
    talk = Talk(whom, screen, ear)
    left = False
    try:
        async with anyio.create_task_group() as tasks:

            async def leave_on_signal() -> None:
                nonlocal left
                await _ctrl_c(talk, screen)
                left = True
                tasks.cancel_scope.cancel()

            tasks.start_soon(leave_on_signal)
            await tasks.start(talk.keep_up)
            if sound and not ear.wants_sound:
                screen.note("  no program here can play sound, so there are only words")
            if message is None:
                screen.prompt()
            await _converse(talk, screen, message)
            tasks.cancel_scope.cancel()
    finally:
        ear.close()
    if left:
        return INTERRUPTED
    return 1 if message is not None and talk.failed else 0


async def _converse(talk: Talk, screen: Screen, message: str | None) -> None:
    """Say what is typed, or piped, or the one message. Only somebody who sits there may talk into a line."""
    from fnlloyd.cli.slash import HELP, Do, NotUnderstood, Send, read_typed
    from fnlloyd.cli.typed import typed_lines

    patient = message is not None or not sys.stdin.isatty()
    async for text in _once(message) if message is not None else typed_lines():
        screen.entered()
        match read_typed(text):
            case Do("quit"):
                return
            case Do("help"):
                screen.note(HELP)
            case Do("mood"):
                screen.mood()
            case NotUnderstood(why):
                screen.note(f"  {why}")
                talk.failed = True
            case Send({"type": "interrupt"}):
                await talk.interrupt()
            case Send(what, answered):
                await talk.send(what, answered=answered)
        if patient:
            await talk.settled()
        elif not talk.busy:
            screen.prompt()
    await talk.settled()


async def _once(message: str) -> AsyncIterator[str]:
    yield message


async def _ctrl_c(talk: Talk, screen: Screen) -> None:
    """The first Ctrl-C during a line cuts it short. Returns at any other, which means to leave."""
    import anyio

    if sys.platform == "win32":
        await anyio.sleep_forever()  # no signals in the loop there; Ctrl-C leaves at once
    cut: int | None = None
    with anyio.open_signal_receiver(signal.SIGINT) as signals:
        async for _ in signals:
            if talk.speaking is None or talk.speaking == cut:
                return
            cut = talk.speaking
            screen.note("  (Ctrl-C again to leave)")
            await talk.interrupt()
