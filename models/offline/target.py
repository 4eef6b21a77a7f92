"""The target: answers from what it perceives itself and from what r* tells it."""

import hashlib
import json

from aurelia.errors import MissingExtra
from aurelia.models.offline.answers import find
from aurelia.models.offline.claims import read
from aurelia.models.offline.envelope import Inputs
from aurelia.models.offline.found import Untold
from aurelia.models.offline.intent import Intent, Outside
from aurelia.models.offline.known import know
from aurelia.models.offline.looks import take, topics_of
from aurelia.models.offline.options import choose, plausible, undecided
from aurelia.models.offline.routing import route
from aurelia.models.offline.said import AUDIO_TOPICS, Said
from aurelia.types.clip import Clip


def answer(clip: Clip | None, inputs: Inputs, senses: tuple[str, ...]) -> str:
    """A reply that ends in a line `Answer: …`; the same rule with and without r*.

    What a sense of its own covers, the target measures itself; for the rest it reads the
    measured sentences of r*. Where neither decides, it says so and guesses by a hash of question,
    options and clip, which is chance. Without a clip it has nothing but r*.
    """
    intent = route(inputs.question or "", inputs.options, candidates=bool(clip and clip.candidates))
    if isinstance(intent, Outside):
        return _guess(clip, inputs, intent.reason)
    own: list[Said] = []
    try:
        if clip:
            for topic in topics_of(clip, intent, senses):
                own += read(" ".join(note.text for note in take(clip, topic, 1)))
    except MissingExtra as error:
        return _guess(clip, inputs, str(error))
    measured = {s.topic for s in own}
    told = [s for s in read(inputs.r_star or "") if s.topic and s.topic not in measured]
    known = know([*own, *told], clip.window if clip else _told_window(told))
    found = find(intent, known)
    if isinstance(found, Untold):
        return _guess(clip, inputs, _cannot_tell(clip, intent, senses) or found.reason)
    basis = "what was measured and told" if told else "what was measured"
    reason = found.because or f"{found.text.rstrip('.')}."
    if not inputs.options:
        return f"From {basis}: {reason}\nAnswer: {found.text}"
    letter = choose(found, inputs.options, known.window)
    if letter is None:
        letter = undecided(inputs.options)
    if letter is None:
        left = plausible(found, inputs.options)
        reason = f"{found.text.rstrip('.')}; that fits no one option alone."
        return _guess(clip, inputs, reason, left)
    return f"From {basis}: {reason}\nAnswer: {letter}"


def _told_window(told: list[Said]) -> tuple[float, float]:
    """From 0 to the last time that statements name: all that is known of an absent clip."""
    return 0.0, max((s.end_s or s.start_s or 0.0 for s in told), default=0.0)


def _cannot_tell(clip: Clip | None, intent: Intent, senses: tuple[str, ...]) -> str | None:
    if clip is None:
        return "I was given no clip, so I can't tell."
    missing = [t for t in intent.needs if t not in senses]
    if not missing:
        return None
    deaf = missing[0] in AUDIO_TOPICS
    return f"I can't {'hear' if deaf else 'see'}, so I can't tell."


def _guess(clip: Clip | None, inputs: Inputs, reason: str, left: list[str] | None = None) -> str:
    """One of the options that are left, by a hash."""
    if not inputs.options:
        return f"{reason}\nAnswer: I can't tell."
    letters = sorted(left or inputs.options)
    content = [clip.sha256, clip.audio_sha256] if clip else []
    key = json.dumps([inputs.question, inputs.options, *content])
    draw = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    return f"{reason} This is a guess.\nAnswer: {letters[draw % len(letters)]}"
