"""From an address to a voice: `tone:`, `piper:NAME`, `piper:/path/to/voice.onnx`, `none:`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from fnlloyd.errors import SetupError
from fnlloyd.voices.piper import PiperFiles, PiperVoice
from fnlloyd.voices.settings import VoiceSettings
from fnlloyd.voices.tone import ToneVoice
from fnlloyd.voices.voice import Voice

SCHEMES = ("tone", "piper", "none")
_MODEL_ENDING = ".onnx"

Resolve = Callable[[str], PiperFiles]


def open_voice(url: str, *, resolve: Resolve, settings: VoiceSettings | None = None) -> Voice | None:
    """The voice an address names; None for `none:`, which is text only.

    `resolve` says where the files of a Piper voice are, by name; it may fetch them, and Piper's config is read
    here, so run this in a worker thread. Options in the address win over `settings`. Raises SetupError.
    """
    settings = settings or VoiceSettings()
    scheme, colon, rest = url.partition(":")
    place, _, query = rest.partition("?")
    options = _Options(url, dict(parse_qsl(query, keep_blank_values=True)))
    if not colon or scheme not in SCHEMES:
        raise SetupError(f"no voice is called {url!r}", hint=_did_you_mean(scheme))
    if scheme == "none":
        options.none_left()
        return None
    if scheme == "tone":
        return _tone(options)
    return _piper(unquote(place), resolve, settings, options)


def _tone(options: _Options) -> ToneVoice:
    rate = options.whole("rate", 16_000, least=8_000, most=96_000)
    ms_per_word = options.whole("ms_per_word", 0, least=0, most=10_000)
    options.none_left()
    return ToneVoice(sample_rate=rate, ms_per_word=ms_per_word or None)


def _piper(place: str, resolve: Resolve, settings: VoiceSettings, options: _Options) -> PiperVoice:
    if not place:
        raise SetupError("`piper:` needs the name of a voice, or a path", hint="for example piper:en_GB-alan-medium")
    speed = options.number("speed", settings.speed, least=0.5, most=2.0)
    threads = options.whole("threads", settings.threads, least=1, most=64)
    processes = options.whole("processes", settings.processes, least=1, most=64)
    speaker = options.whole("speaker", -1, least=-1, most=10_000)
    options.none_left()
    if place.endswith(_MODEL_ENDING):
        files = PiperFiles(Path(place).expanduser())
        # Two files of one name may be two voices; a clip of the one must not be taken for the other's.
        id = f"piper:{files.model.stem}:bytes={files.model.stat().st_size if files.model.is_file() else 0}"
    else:
        files = resolve(place)
        id = f"piper:{place}"
    return PiperVoice(
        files.model,
        files.config,
        speed=speed,
        threads=threads,
        processes=processes,
        speaker=None if speaker < 0 else speaker,
        id=id,
    )


class _Options:
    """What stands behind the `?` of an address; each is asked for once, and what is left over is a mistake."""

    def __init__(self, url: str, options: Mapping[str, str]) -> None:
        self._url = url
        self._left = dict(options)
        self._known: list[str] = []

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        self._known.append(name)
        text = self._left.pop(name, None)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise SetupError(f"{name}={text} in {self._url!r}", hint=f"a number from {least:g} to {most:g}", field=name)
        return value

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.number(name, default, least=least, most=most)
        if value != int(value):
            raise SetupError(f"{name}={value:g} in {self._url!r}", hint="a whole number", field=name)
        return int(value)

    def none_left(self) -> None:
        for name in self._left:
            known = ", ".join(self._known) or "there are none here"
            raise SetupError(f"unknown option {name!r} in {self._url!r}", hint=f"known: {known}", field=name)


def _did_you_mean(scheme: str) -> str:
    near = get_close_matches(scheme, SCHEMES, n=1, cutoff=0.5)
    known = ", ".join(f"{name}:" for name in SCHEMES)
    return (f"did you mean {near[0]}: ? " if near else "") + f"known voices: {known}"
