"""Text on its way to the ear. Pure feed/flush, no clock, no I/O."""

from fnlloyd.text.heard import heard_text
from fnlloyd.text.reading import Reading, Sentence, Step
from fnlloyd.text.sentences import Sentences
from fnlloyd.text.speakable import speakable
from fnlloyd.text.thoughts import Thoughts

__all__ = ["Reading", "Sentence", "Sentences", "Step", "Thoughts", "heard_text", "speakable"]
