"""What may stand in a card.toml, declared once. Unknown keys are errors; `loading.py` tells the writer about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf

from fnlloyd.character.conditions import Condition, parse_condition
from fnlloyd.character.phrases import check_phrase
from fnlloyd.events import Answer, Priority

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Phrase = Annotated[str, Field(min_length=1, max_length=200)]
When = dict[str, Annotated[InstanceOf[Condition], BeforeValidator(parse_condition)]]
Forbidden = Annotated[Phrase, AfterValidator(check_phrase)]
WrittenPriority = Annotated[Priority, Field(strict=False)]
WrittenAnswer = Annotated[Answer, Field(strict=False)]


class Table(BaseModel):
    """One table of a card: frozen, nothing unknown, no types bent to fit."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CharacterTable(Table):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    name: Phrase
    about: str = ""
    refrain: Phrase | None = None
    pronounce: dict[Phrase, Phrase] = Field(default_factory=dict)


class ExampleTable(Table):
    """One thing a player might say, and a line this character would answer with."""

    player: Phrase
    line: Phrase


class PersonaTable(Table):
    """`short` replaces `text` for small models; `development` is added when a developer, not a player, is talking."""

    text: Text
    short: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    development: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    examples: list[ExampleTable] = Field(default_factory=list, max_length=20)


class VoiceTable(Table):
    """`prefer` names voices by URL, the best first; `speed` 1.0 is as the voice was made."""

    prefer: list[Phrase] = Field(default_factory=list, max_length=20)
    speed: float = Field(default=1.0, ge=0.5, le=2.0)


class SamplingTable(Table):
    temperature: float = Field(default=0.7, ge=0.0, le=2.0)
    max_tokens: int = Field(default=150, ge=1, le=4096)
    max_tokens_chat: int = Field(default=256, ge=1, le=4096)
    max_sentences: int = Field(default=3, ge=1, le=20)


class SmallTable(Table):
    """What replaces the rest for a small model, along with the persona's short text: less freedom, shorter answers."""

    temperature: float | None = Field(default=None, ge=0.0, le=2.0)
    max_tokens: int | None = Field(default=None, ge=1, le=4096)
    max_sentences: int | None = Field(default=None, ge=1, le=20)
    examples: list[ExampleTable] = Field(default_factory=list, max_length=8)


class StateTable(Table):
    """The state a session begins with. TOML has no null and no clock, so those fields are listed by name."""

    fields: dict[str, Any] = Field(default_factory=dict)
    empty: list[str] = Field(default_factory=list)
    clock_ms: list[str] = Field(default_factory=list)
    untold: list[str] = Field(default_factory=list)


class MoodTable(Table):
    """A mood holds when all its conditions hold; one without conditions always does. `tell` is for the model."""

    name: Name
    when: When = Field(default_factory=dict)
    tell: Phrase | None = None


class IntensityTable(Table):
    level: int = Field(ge=0, le=3)
    when: When = Field(default_factory=dict)


class LinesTable(Table):
    """`mood_share` is how often a canned line comes from the mood's own lines, when the mood has some."""

    mood_share: float = Field(default=0.3, ge=0.0, le=1.0)


class TriggerTable(Table):
    """What a trigger has of its own; what is left out is its category's."""

    priority: WrittenPriority | None = None
    cooldown_s: float | None = Field(default=None, ge=0.0, le=3600.0)
    answer: WrittenAnswer | None = None
    answer_large: WrittenAnswer | None = None
    enabled: bool | None = None
    likely: int | None = Field(default=None, ge=0, le=9)
    mood_share: float | None = Field(default=None, ge=0.0, le=1.0)
    tell: Phrase | None = None


class CategoryTable(Table):
    """`answer_large` replaces `answer` when the engine's model is not a small one."""

    priority: WrittenPriority = Priority.NORMAL
    cooldown_s: float = Field(default=0.0, ge=0.0, le=3600.0)
    answer: WrittenAnswer | None = None
    answer_large: WrittenAnswer | None = None
    enabled: bool = True
    likely: int = Field(default=5, ge=0, le=9)
    mood_share: float | None = Field(default=None, ge=0.0, le=1.0)
    triggers: dict[Name, TriggerTable] = Field(default_factory=dict)


class HistoryTable(Table):
    """Exchanges told to the model: at most `turns`, let go of `block` at a time."""

    turns: int = Field(default=20, ge=0, le=200)
    block: int = Field(default=8, ge=1, le=50)


class GuardTable(Table):
    """`forbidden` are phrases this character never says, in the small language of `phrases.py`.

    `allow` lifts what the guard stops for everybody else: a villain may insult the player.
    """

    forbidden: list[Forbidden] = Field(default_factory=list, max_length=500)
    allow: list[Literal["fourth_wall", "insult"]] = Field(default_factory=list)


class ShorthandTable(Table):
    prefix: str = Field(default="!FN_", min_length=1, max_length=20)
    suffix: str = Field(default="$", max_length=20)


class CardTable(Table):
    """The whole of card.toml."""

    character: CharacterTable
    persona: PersonaTable
    voice: VoiceTable = VoiceTable()
    sampling: SamplingTable = SamplingTable()
    small: SmallTable = SmallTable()
    state: StateTable = StateTable()
    moods: list[MoodTable] = Field(default_factory=list, max_length=50)
    intensity: list[IntensityTable] = Field(default_factory=list, max_length=20)
    lines: LinesTable = LinesTable()
    categories: dict[Name, CategoryTable] = Field(default_factory=dict)
    history: HistoryTable = HistoryTable()
    guard: GuardTable = GuardTable()
    shorthand: ShorthandTable = ShorthandTable()
    phrases: dict[Name, list[Phrase]] = Field(default_factory=dict)
