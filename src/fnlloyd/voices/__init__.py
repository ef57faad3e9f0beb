"""Voices: where sound comes from.

The names below are brought in when they are first asked for: the process in which Piper runs imports this package
too, and has no use for FFmpeg and the rest of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fnlloyd.voices.clips import Clip, ClipStore, clip_key
    from fnlloyd.voices.coding import CONTENT_TYPES, Codec, Encoder, OpusPackets, encode
    from fnlloyd.voices.open import open_voice
    from fnlloyd.voices.pcm import fade_out, parse_wav, peak_dbfs, pieces, rms_dbfs, wav, wav_header
    from fnlloyd.voices.piper import PiperFiles, PiperVoice
    from fnlloyd.voices.recordings import Recording, Recordings
    from fnlloyd.voices.rendering import Rendered, render_ahead
    from fnlloyd.voices.resampling import Resampler
    from fnlloyd.voices.settings import VoiceSettings
    from fnlloyd.voices.speaking import sound_of
    from fnlloyd.voices.tone import ToneVoice
    from fnlloyd.voices.voice import Patient, Voice

_HOMES = {
    "CONTENT_TYPES": "coding",
    "Clip": "clips",
    "ClipStore": "clips",
    "Codec": "coding",
    "Encoder": "coding",
    "OpusPackets": "coding",
    "Patient": "voice",
    "PiperFiles": "piper",
    "PiperVoice": "piper",
    "Recording": "recordings",
    "Recordings": "recordings",
    "Rendered": "rendering",
    "Resampler": "resampling",
    "ToneVoice": "tone",
    "Voice": "voice",
    "VoiceSettings": "settings",
    "clip_key": "clips",
    "encode": "coding",
    "fade_out": "pcm",
    "open_voice": "open",
    "parse_wav": "pcm",
    "peak_dbfs": "pcm",
    "pieces": "pcm",
    "render_ahead": "rendering",
    "rms_dbfs": "pcm",
    "sound_of": "speaking",
    "wav": "pcm",
    "wav_header": "pcm",
}

__all__ = [
    "CONTENT_TYPES",
    "Clip",
    "ClipStore",
    "Codec",
    "Encoder",
    "OpusPackets",
    "Patient",
    "PiperFiles",
    "PiperVoice",
    "Recording",
    "Recordings",
    "Rendered",
    "Resampler",
    "ToneVoice",
    "Voice",
    "VoiceSettings",
    "clip_key",
    "encode",
    "fade_out",
    "open_voice",
    "parse_wav",
    "peak_dbfs",
    "pieces",
    "render_ahead",
    "rms_dbfs",
    "sound_of",
    "wav",
    "wav_header",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
