"""Do the steps give the answer away? Checked against the actor's own answer and the options."""

import re
from collections.abc import Collection, Mapping, Sequence

from aurelia.types.reasoning import Step
from aurelia.types.trajectory import LeakSpan

_LETTERS = re.compile(
    r"\b(?i:options?|answers?|choices?)\s*(?:is|:|=)?\s*(\(?[A-Z]\b\)?"
    r"(?:\s*(?:,|/|&|and|or|,\s*or)\s*\(?[A-Z]\b\)?)*)(?!')"
)
_STATED = re.compile(
    r"\banswer\s*(?:is|:|=|would\s+be|must\s+be)\s*(?P<answer>\w.*?)(?=[.;!?](?:\s|$)|\n|$)", re.I
)
# "Check whether the answer is visible" states none, and nor does "what the answer is by counting".
_ASKED = re.compile(r"\b(?:if|whether|what|where|which|how|until|once|that)\b[^.;:]*$", re.I)
_LABEL = re.compile(r"^\W*[A-Z][).:]\s+")
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
    repeats exactly one of the options. A step that mentions several options gives nothing away.
    """
    spans: list[LeakSpan] = []
    for step in steps:
        spans += _stated(step, options or {})
        named = _named(step.text, (options or {}).values())
        if len(named) > 1:
            continue
        if span := _occurs(_phrase(_LABEL.sub("", actor_answer)), step.text):
            spans.append(_span(step, span, "actor_answer", actor_answer))
        spans += [_span(step, span, "option", text) for text, span in named if _phrase(text)]
    return _unique(spans)


def _stated(step: Step, options: Mapping[str, str]) -> list[LeakSpan]:
    spans = []
    mentions = list(_LETTERS.finditer(step.text))
    letters = {letter for match in mentions for letter in re.findall(r"\b[A-Z]\b", match.group(1))}
    if len(letters & options.keys()) == 1:
        letter = next(iter(letters & options.keys()))
        spans += [_span(step, m.group(0), "option", letter) for m in mentions]
    spans += [
        _span(step, match.group(0), "actor_answer", match["answer"])
        for match in _STATED.finditer(step.text)
        if not _ASKED.search(step.text[: match.start()])
    ]
    return spans


def _named(text: str, options: Collection[str]) -> list[tuple[str, str]]:
    """Options that occur in `text` with the span; "bell and drum" is not also "bell"."""
    found = [(option, span) for option in options if (span := _occurs(_words(option), text))]
    return [
        (option, span)
        for option, span in found
        if not any(option != other and _occurs(_words(option), other) for other, _ in found)
    ]


def _span(step: Step, text: str, against: str, matched: str) -> LeakSpan:
    return LeakSpan.model_validate(
        {"step_id": step.id, "text": text, "against": against, "matched": matched}
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _phrase(text: str) -> list[str]:
    """Words of an answer, or none where it is too short to be recognised safely."""
    words = _words(text)
    content = [
        word for n, word in enumerate(words) if word.lower() not in _FILLER or (n and word == "A")
    ]
    return words if len(content) >= 2 else []


def _occurs(words: Sequence[str], text: str) -> str:
    """Where `words` stand in `text` one after the other; empty where they don't."""
    if not words:
        return ""
    # The A of "track A" is a name, but "track a dancer" does not name it.
    parts = ["(?-i:A)" if n and word == "A" else re.escape(word) for n, word in enumerate(words)]
    pattern = r"\W+".join(parts)
    match = re.search(rf"\b{pattern}\b", text, re.I)
    return match.group(0) if match else ""


def _unique(spans: Sequence[LeakSpan]) -> list[LeakSpan]:
    kept: dict[tuple[str, str], LeakSpan] = {}
    for span in spans:
        kept.setdefault((span.step_id, span.text.lower()), span)
    return list(kept.values())
