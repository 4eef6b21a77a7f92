"""Do the steps give the answer away? Checked against the actor's own answer and the options."""

import re
from collections.abc import Mapping, Sequence

from aurelia.types.reasoning import Step
from aurelia.types.trajectory import LeakSpan

_LETTER = re.compile(r"\b(?:option|answer|choice)\s*(?:is|:|=)?\s*\(?([A-Z])\)?(?![\w'])")
_STATED = re.compile(
    r"\b(?:the\s+)?(?:correct\s+|final\s+|right\s+)?answer\s*(?:is|:|=|would be|must be)\s*(.+)",
    re.I,
)
_FILLER_WORDS = """
a an the is are was were be it its this that of in on at to and or from by with for as there
first then yes no
"""
_FILLER = frozenset(_FILLER_WORDS.split())


def find_leaks(
    steps: Sequence[Step], actor_answer: str, options: Mapping[str, str] | None = None
) -> list[LeakSpan]:
    """Spans of steps that reveal the answer.

    A step leaks when it states an answer outright ("the answer is …", "option B"), repeats the
    actor's answer word for word (two content words at least: shorter answers occur by chance), or
    repeats exactly one of the options. A step that mentions all options alike gives nothing away.
    """
    spans: list[LeakSpan] = []
    for step in steps:
        spans += _stated(step, options or {})
        if (phrase := _phrase(actor_answer)) and (span := _occurs(phrase, step.text)):
            spans.append(_span(step, span, "actor_answer", actor_answer))
        named = [
            (text, span)
            for text in (options or {}).values()
            if (phrase := _phrase(text)) and (span := _occurs(phrase, step.text))
        ]
        if len(named) == 1:
            text, span = named[0]
            spans.append(_span(step, span, "option", text))
    return _unique(spans)


def _stated(step: Step, options: Mapping[str, str]) -> list[LeakSpan]:
    spans = [
        _span(step, match.group(0), "option", match.group(1))
        for match in _LETTER.finditer(step.text)
        if match.group(1) in options
    ]
    if match := _STATED.search(step.text):
        spans.append(_span(step, match.group(0), "actor_answer", match.group(1)))
    return spans


def _span(step: Step, text: str, against: str, matched: str) -> LeakSpan:
    return LeakSpan.model_validate(
        {"step_id": step.id, "text": text, "against": against, "matched": matched}
    )


def _phrase(text: str) -> list[str]:
    """Words of an answer, or none where it is too short to be recognised safely."""
    words = re.findall(r"\w+", text.lower())
    content = [word for word in words if word not in _FILLER]
    return words if len(content) >= 2 else []


def _occurs(words: Sequence[str], text: str) -> str:
    pattern = r"\W+".join(re.escape(word) for word in words)
    match = re.search(rf"\b{pattern}\b", text, re.I)
    return match.group(0) if match else ""


def _unique(spans: Sequence[LeakSpan]) -> list[LeakSpan]:
    kept: dict[tuple[str, str], LeakSpan] = {}
    for span in spans:
        kept.setdefault((span.step_id, span.text.lower()), span)
    return list(kept.values())
