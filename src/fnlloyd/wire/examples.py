"""One good message of every kind, for the schema, the reference page and the tests."""

from __future__ import annotations

from typing import Any

from fnlloyd.wire.answers import Answer, ErrorBody, SessionView
from fnlloyd.wire.incoming import EventMessage, Heard, Hello, Interrupt, SayMessage, StateMessage
from fnlloyd.wire.messages import (
    EngineMessage,
    ErrorMessage,
    LineDeltaMessage,
    LineEndMessage,
    LineSentenceMessage,
    LineSentMessage,
    LineStartMessage,
    LineStopMessage,
    OutcomeMessage,
    SimpleLine,
    StateChangedMessage,
    Welcome,
)

_BOSS = "Steady, old thing! The Brick-Lien flagship. I say, we're rather doomed, aren't we?"
_TIMINGS = {
    "queued_ms": 0.2,
    "first_token_ms": 61.4,
    "first_sentence_ms": 142.9,
    "first_audio_ms": 188.0,
    "total_ms": 702.5,
}
_USAGE = {"prompt_tokens": 912, "cached_tokens": 864, "completion_tokens": 24}

_FROM_CLIENT: dict[type, dict[str, Any]] = {
    Hello: {"type": "hello", "protocol": 1, "session": "slot-3", "character": "fnlloyd", "audio": "binary"},
    SayMessage: {"type": "say", "id": "q1", "text": "Fnlloyd, what is that enormous thing?", "deadline_ms": 2000},
    EventMessage: {
        "type": "event",
        "id": "e7",
        "trigger": "boss_appear",
        "data": {"boss": "flagship", "level": 5},
        "priority": "high",
        "deadline_ms": 800,
        "on_late": "canned",
    },
    StateMessage: {"type": "state", "state": {"score": 4200, "lives": 1, "powerup": None}},
    Interrupt: {"type": "interrupt", "line": 12, "fade_ms": 80},
    Heard: {"type": "heard", "line": 12, "status": "cut", "at_ms": 940},
}

_TO_CLIENT: dict[type, dict[str, Any]] = {
    Welcome: {
        "type": "welcome",
        "seq": 1,
        "t_ms": 0,
        "protocol": 1,
        "session": "slot-3",
        "character": {"name": "!Fnlloyd", "greeting": "Ah, there you are. Shall we save the Earth?"},
        "engine": {"name": "llamacpp", "model": "smollm2-1.7b", "rung": 1},
        "voice": {"name": "piper", "sample_rate": 22050, "channels": 1, "format": "pcm16"},
        "resumed": False,
    },
    LineStartMessage: {
        "type": "line.start",
        "seq": 2,
        "t_ms": 5120,
        "line": 12,
        "source": "llm",
        "trigger": "boss_appear",
        "event": "e7",
        "priority": "high",
        "mood": "worried",
        "intensity": 2,
        "audioUrl": "/audio/5f0c2a9be17d44d8.wav",
        "mix": {"duck_db": -6.0, "attack_ms": 80, "release_ms": 400, "expected_ms": 4300},
    },
    LineDeltaMessage: {"type": "line.delta", "seq": 4, "t_ms": 5260, "line": 12, "text": "Steady, old thing! "},
    LineSentenceMessage: {
        "type": "line.sentence",
        "seq": 5,
        "t_ms": 5308,
        "line": 12,
        "index": 0,
        "text": "Steady, old thing!",
        "start_ms": 0,
        "duration_ms": 1180,
    },
    LineSentMessage: {
        "type": "line.sent",
        "seq": 11,
        "t_ms": 5822,
        "line": 12,
        "text": _BOSS,
        "duration_ms": 4310,
    },
    LineStopMessage: {"type": "line.stop", "seq": 12, "t_ms": 6060, "line": 12, "fade_ms": 80},
    LineEndMessage: {
        "type": "line.end",
        "seq": 13,
        "t_ms": 6061,
        "line": 12,
        "end": "interrupted",
        "text": _BOSS,
        "heard": "Steady, old thing!",
        "duration_ms": 4310,
        "timings": _TIMINGS,
        "usage": _USAGE,
    },
    OutcomeMessage: {"type": "outcome", "seq": 3, "t_ms": 5120, "id": "e7", "outcome": "spoken", "line": 12},
    StateChangedMessage: {
        "type": "state",
        "seq": 14,
        "t_ms": 6400,
        "mood": "worried",
        "intensity": 0,
        "state": {"score": 4200, "lives": 1},
    },
    EngineMessage: {
        "type": "engine",
        "seq": 15,
        "t_ms": 9000,
        "name": "scripted",
        "model": "scripted",
        "rung": 0,
        "degraded": True,
    },
    ErrorMessage: {
        "type": "error",
        "seq": 16,
        "t_ms": 9100,
        "code": "bad_message",
        "message": "event.priority: expected one of low, normal, high, critical; got 'hihg'; did you mean high?",
        "retryable": False,
    },
    SimpleLine: {
        "type": "line",
        "line": 12,
        "text": "Oh, splendid shot!",
        "audioUrl": "/audio/0b7e6c14fa.wav",
        "source": "canned",
        "trigger": "good_shot",
        "mood": "happy",
    },
}

_OVER_HTTP: dict[type, dict[str, Any]] = {
    Answer: {
        "line": 12,
        "text": _BOSS,
        "source": "llm",
        "mood": "worried",
        "intensity": 2,
        "audioUrl": "/audio/5f0c2a9be17d44d8.wav",
        "outcome": "spoken",
        "timings": _TIMINGS,
        "usage": _USAGE,
    },
    SessionView: {
        "session": "slot-3",
        "character": "!Fnlloyd",
        "state": {"score": 4200, "lives": 1},
        "mood": "worried",
        "intensity": 0,
        "history": [
            {
                "line": "Steady, old thing!",
                "source": "llm",
                "at": 1790000000.25,
                "trigger": "boss_appear",
                "cut": True,
            }
        ],
    },
    ErrorBody: {
        "error": {
            "code": "full",
            "message": "every place for a session is taken",
            "hint": "try again in a moment",
            "retryable": True,
        }
    },
}

EXAMPLES = _FROM_CLIENT | _TO_CLIENT | _OVER_HTTP
