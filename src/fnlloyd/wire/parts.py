"""The parts that messages and HTTP answers share. A part is never sent alone."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from fnlloyd.events import Timings, Usage

LINE = "the line's number in its session"
URL = "where its sound is: absolute, or a path on this server"
MOOD = "the character's mood"
INTENSITY = "how strong the mood is, 0 to 3"


def absent(value: object) -> bool:
    """For `exclude_if`: leave the field out of an HTTP answer when there is nothing to say."""
    return value is None


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)


class CharacterView(Part):
    """Who speaks."""

    name: str = Field(description="the character's name")
    greeting: str | None = Field(None, description="what to show before the first line")


class EngineView(Part):
    """Where words come from."""

    name: str = Field(description="the engine's name")
    model: str = Field(description="the model it runs")
    rung: int = Field(description="its place on the ladder, 0 (scripted) to 4 (fleet)")


class VoiceView(Part):
    """Where sound comes from, and what it is like."""

    name: str = Field(description="the voice's name")
    sample_rate: int = Field(description="Hz")
    channels: int = Field(description="1 or 2")
    format: str = Field(description="the coding of the sound this client will get")


class MixView(Part):
    """How to mix the line into the game's sound."""

    duck_db: float = Field(description="what to do to the music while he speaks, in dB, 0 or below")
    attack_ms: int = Field(description="how fast to bring the music down")
    release_ms: int = Field(description="how fast to bring it up again")
    expected_ms: int | None = Field(None, description="how long the line will be, if it can be told")
    safe_cut_ms: int | None = Field(None, description="before this moment the line can be cut without sounding cut")


class TimingsView(Part):
    """Milliseconds since the turn was asked for."""

    queued_ms: float = Field(description="what it waited before work began")
    first_token_ms: float | None = Field(None, description="the engine's first words", exclude_if=absent)
    first_sentence_ms: float | None = Field(
        None, description="the first sentence ready to be spoken", exclude_if=absent
    )
    first_audio_ms: float | None = Field(None, description="the first sound", exclude_if=absent)
    total_ms: float = Field(description="everything sent")


class UsageView(Part):
    """Tokens the line cost."""

    prompt_tokens: int = Field(description="tokens in the prompt")
    cached_tokens: int | None = Field(None, description="those of them the engine had in its cache", exclude_if=absent)
    completion_tokens: int = Field(description="tokens written")


class ErrorFields(Part):
    """What went wrong, for programs and for people."""

    code: str = Field(description="which error: stable, made to be switched on")
    message: str = Field(description="what happened, naming the field at fault and what was expected of it")
    hint: str | None = Field(None, description="what to do about it", exclude_if=absent)
    retryable: bool = Field(description="whether the same request may succeed later")


def timings_view(timings: Timings) -> TimingsView:
    """The same, in tenths of a millisecond."""
    return TimingsView(
        queued_ms=round(timings.queued_ms, 1),
        first_token_ms=_tenths(timings.first_token_ms),
        first_sentence_ms=_tenths(timings.first_sentence_ms),
        first_audio_ms=_tenths(timings.first_audio_ms),
        total_ms=round(timings.total_ms, 1),
    )


def usage_view(usage: Usage | None) -> UsageView | None:
    if usage is None:
        return None
    return UsageView(
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
    )


def _tenths(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
