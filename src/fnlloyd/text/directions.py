"""Tell a stage direction (*bows deeply*) from emphasis (I *do* like it).

The rules, in order, for a span between single marks:

1. It begins with a verb of the stage ("bows", "clearing his throat", "dramatically sighs"): a direction, anywhere.
2. It ends with ! or ?, or is one capitalised word: spoken with force, so emphasis.
3. It stands as its own phrase (nothing but an end of sentence before it, and a beginning after it): a direction.
4. Anything else is emphasis.

A span between double marks (**bold**) is a direction only by rule 1.
"""

from __future__ import annotations

import re


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


_VERBS = _words(
    """
    adjusts applauds arches ascends beams blinks blushes bows brandishes breathes bursts cackles chuckles clears
    clenches coalesces coughs cowers cringes crosses curtsies dances descends dims dissolves draws exhales
    flickers flinches flourishes flutters gasps gazes gestures giggles glances glares gleams glimmers glitters
    glows grimaces grins groans growls grumbles hovers hums inhales laughs leans leaps mumbles murmurs mutters
    narrows nods orbits paces panics pauses peers pirouettes points poses pouts puffs quivers raises
    reforms rolls rubs salutes scatters scoffs scowls shakes shimmers shivers shrieks shrugs shudders sighs
    sings smiles smirks sniffs snorts sobs sparkles spins squints staggers stammers stares steps straightens
    strikes strokes swells swirls swoons taps tilts tips trembles tuts twinkles twirls vibrates waves whimpers
    whirls whispers whistles winces winks yawns yells sigh bow gasp ahem cough chuckle wink grin nod shrug laugh
    pause gulp sob sniff adjusting beaming bowing brandishing chuckling clearing coughing flickering gasping
    gazing gesturing giggling glancing glaring gleaming glowing grinning groaning hovering humming laughing
    leaning mumbling murmuring muttering nodding pausing pointing raising rolling saluting shaking shimmering
    shivering shrugging sighing smiling smirking sniffing spinning straightening swirling trembling twirling
    waving whispering whistling winking
    """
)
# Words that a verb of the stage may follow: "he bows", "then slowly bows".
_BEFORE_VERB = _words(
    """
    he she it they i then and fnlloyd !fnlloyd suddenly softly
    """
)
_MOST_BEFORE_VERB = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENDS_PHRASE = tuple('.!?…。！？:"”»)]*_\n')


def is_direction(span: str, before: str, after: str) -> bool:
    """`before` and `after` are what surrounds the marks; only the nearest visible characters matter."""
    return begins_with_stage_verb(span) or (not _is_forceful(span) and _stands_alone(before, after))


def begins_with_stage_verb(span: str) -> bool:
    for number, word in enumerate(_WORD.findall(span[:60].lower())):
        if word in _VERBS:
            return True
        if number >= _MOST_BEFORE_VERB or not (word in _BEFORE_VERB or word.endswith("ly")):
            return False
    return False


def ends_phrase(before: str) -> bool:
    """Whether a new phrase begins after `before`: at the start, after a stop, on a new line."""
    return not before.strip() or before.rstrip(" \t").endswith(_ENDS_PHRASE)


def _is_forceful(span: str) -> bool:
    bare = span.strip()
    return bare.endswith(("!", "?", "！", "？")) or (bare[:1].isupper() and len(bare.split()) == 1)


def _stands_alone(before: str, after: str) -> bool:
    following = after.lstrip(" \t")[:1]
    return ends_phrase(before) and not (following.islower() or following in tuple(",;:.!?…'’-—"))
