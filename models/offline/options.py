"""Which option, if any, an answer stands for."""

import re
from collections.abc import Mapping

from aurelia.media.measure_spans import Span
from aurelia.models.offline.found import Found
from aurelia.models.offline.intent import LABEL_KINDS, Intent, Outside
from aurelia.models.offline.labels.mentions import mentions
from aurelia.models.offline.labels.options import choose_label, fitting
from aurelia.models.offline.lexicon import plain, unknown_words
from aurelia.models.offline.relations import read_relation, things
from aurelia.models.offline.when import read_when

_UNDECIDED = re.compile(
    r"\b(?:can(?:no|')t|cannot|impossible|not possible|don't know|do not know|unclear|unknown"
    r"|none of (?:the|these))\b"
)
_SAME = re.compile(r"same|both|together|simultan|at once|neither comes first|sync")
_NEVER = re.compile(r"\bnever\b|\bnone\b|\bneither\b|\bno\b|not at all|does not|doesn't|nothing")
_PARTS: tuple[tuple[str, float, float], ...] = (
    (r"first half", 0.0, 0.5),
    (r"(?:second|last) half", 0.5, 1.0),
    (r"first third", 0.0, 1 / 3),
    (r"last third", 2 / 3, 1.0),
    (r"middle|halfway", 0.3, 0.7),
    (r"\b(?:start|beginning)\b", 0.0, 0.25),
    (r"\bend\b", 0.75, 1.0),
    (r"throughout|whole|entire|all the time|always", 0.0, 1.0),
)


def comparable(intent: Intent, options: Mapping[str, str]) -> Outside | None:
    """Refuse options that no measured answer could be compared with."""
    if intent.kind == "event_order" and sum(bool(mentions(plain(t))) for t in options.values()) < 2:
        return Outside(
            "The options name no sound or object that measuring could tell apart.",
            ("a model that recognises what is seen and heard (set `actor` to one)",),
        )
    if intent.kind in LABEL_KINDS:
        return None
    odd = {k: unknown_words(v) for k, v in options.items() if not _UNDECIDED.search(plain(v))}
    strange = {k: w for k, w in odd.items() if w}
    if len(odd) - len(strange) >= 2 or (odd and not strange):
        return None
    quoted = ", ".join(f"“{w}”" for listed in strange.values() for w in listed[:1])
    return Outside(
        f"The options speak of {quoted}, which measuring sound, movement, cuts and light can't "
        "tell apart.",
        ("a model that recognises what is seen and heard (set `actor` to one)",),
    )


def choose(found: Found, options: Mapping[str, str], window: Span) -> str | None:
    """Letter of the one option that says what was found; None if none or several do."""
    texts = {letter: plain(text).strip(" .!") for letter, text in options.items()}
    match found.kind:
        case "yes_no":
            fits = [k for k, t in texts.items() if _polarity(t) is found.value]
        case "thing":
            fits = [k for k, t in texts.items() if _thing(t) == found.value]
        case "times":
            return _by_time(found, texts, window)
        case "count":
            fits = [k for k, t in texts.items() if _counts(t, float(str(found.value)))]
        case "number":
            return _nearest_number(found, texts)
        case "word":
            fits = [k for k, t in texts.items() if _word(t) == found.value]
        case "sequence" | "label" | "place" | "named":
            return choose_label(found.value, found.kind, texts)
        case _:
            return None
    return fits[0] if len(fits) == 1 else None


def plausible(found: Found, options: Mapping[str, str]) -> list[str]:
    """The options that a found order of events does not speak against; else all."""
    if found.kind != "sequence":
        return list(options)
    texts = {letter: plain(text).strip(" .!") for letter, text in options.items()}
    return fitting(found.value, texts)


def undecided(options: Mapping[str, str]) -> str | None:
    """The option that says that it can't be told, if there is one."""
    return next((k for k, v in options.items() if _UNDECIDED.search(plain(v))), None)


def _polarity(text: str) -> bool | None:
    if re.match(r"(yes|true|correct|they do|it does|it is|there is(?! no\b))\b", text):
        return True
    if re.match(
        r"(no|false|wrong|not|never|they do not|it does not|it is not|there is no)\b", text
    ):
        return False
    if re.search(r"\b(not|never|no)\b|n't\b", text):
        return False
    return None if not text else bool(not _NEVER.search(text))


def _thing(text: str) -> str | None:
    read = [s for s in read_relation(text, text) if s.kind == "order"]
    if read:
        return str(read[0].value)
    if _SAME.search(text):
        return "same"
    named = [name for name, _ in things(text)]
    if len(named) == 1:
        return named[0]
    return "none" if _NEVER.search(text) else None


def _by_time(found: Found, texts: dict[str, str], window: Span) -> str | None:
    """A stretch that contains the time; else the instant next to it, if it is near enough."""
    value = found.value if isinstance(found.value, list) else []
    if not value:
        return None
    spans = [v if isinstance(v, Span) else Span(float(v), float(v)) for v in value]  # type: ignore[arg-type]
    middle = (spans[0].start_s + spans[-1].end_s) / 2
    stretches: dict[str, Span] = {}
    instants: dict[str, float] = {}
    for letter, text in texts.items():
        when = read_when(text)
        number = re.fullmatch(r"(?:at |about |around )*(\d+(?:\.\d+)?)(?: s)?", text)
        if when.ranges:
            stretches[letter] = Span(*when.ranges[0])
        elif when.at_s or number:
            instants[letter] = when.at_s[0] if when.at_s else float(number[1]) if number else 0.0
        elif when.start_s is not None:
            stretches[letter] = Span(when.start_s, window.end_s)
        elif when.end_s is not None:
            stretches[letter] = Span(window.start_s, when.end_s)
        else:
            part = next(((a, b) for p, a, b in _PARTS if re.search(p, text)), None)
            if part:
                length = window.length_s
                stretches[letter] = Span(
                    window.start_s + part[0] * length, window.start_s + part[1] * length
                )
    if stretches:
        return _by_stretch(spans, stretches, found.tolerance)
    if not instants:
        return None
    target = (
        middle
        if len(spans) == 1 and spans[0].length_s > 0 and len(instants) == 0
        else (spans[0].start_s)
    )
    ranked = sorted(instants, key=lambda k: abs(instants[k] - target))
    best = abs(instants[ranked[0]] - target)
    others = [abs(instants[k] - target) for k in ranked[1:]]
    clear = not others or others[0] - best > max(found.tolerance, 0.05)
    return ranked[0] if clear and best <= max(0.5, 2 * found.tolerance) else None


def _by_stretch(spans: list[Span], stretches: dict[str, Span], tolerance: float) -> str | None:
    """The option whose stretch is the same, or the only one that contains what was found."""
    whole = Span(spans[0].start_s, spans[-1].end_s)
    if whole.length_s > 0:

        def apart(k: str) -> float:
            return max(abs(stretches[k][0] - whole[0]), abs(stretches[k][1] - whole[1]))

        ranked = sorted(stretches, key=apart)
        if apart(ranked[0]) <= max(0.3, 2 * tolerance):
            return ranked[0]
    slack = max(tolerance, 1e-6)
    holds = [
        k
        for k, s in stretches.items()
        if s.start_s - slack <= whole.start_s and whole.end_s <= s.end_s + slack
    ]
    if len(holds) > 1:
        strict = [k for k in holds if stretches[k][0] <= whole[0] and whole[1] <= stretches[k][1]]
        holds = strict or holds
    shortest = sorted(holds, key=lambda k: stretches[k].length_s)
    if len(shortest) > 1 and stretches[shortest[0]].length_s == stretches[shortest[1]].length_s:
        return None
    return shortest[0] if shortest else None


def _counts(text: str, count: float) -> bool:
    number = re.search(r"(\d+)", text)
    if number is None:
        return count == 0 and bool(_NEVER.search(text))
    limit = float(number[1])
    if re.search(r"more than|over|above", text):
        return count > limit
    if re.search(r"or more|at least", text):
        return count >= limit
    if re.search(r"fewer than|less than|below|under", text):
        return count < limit
    return count == limit


def _nearest_number(found: Found, texts: dict[str, str]) -> str | None:
    value = float(str(found.value))
    numbers = {k: float(m[0]) for k, t in texts.items() if (m := re.search(r"-?\d+(?:\.\d+)?", t))}
    if not numbers:
        return None
    ranked = sorted(numbers, key=lambda k: abs(numbers[k] - value))
    best = abs(numbers[ranked[0]] - value)
    gap = abs(numbers[ranked[1]] - numbers[ranked[0]]) if len(ranked) > 1 else 4 * found.tolerance
    return ranked[0] if best <= max(found.tolerance, min(gap / 4, 3 * found.tolerance)) else None


_WORDS: tuple[tuple[str, str], ...] = (
    (r"same|constant|steady|unchanged|equal|neither|stays|does not change|no change", "same"),
    (r"louder in the first|first half|quieter|softer", "quieter"),
    (r"louder|second half", "louder"),
    (r"brighter|lighter|brightens", "brighter"),
    (r"darker|darkens|dimmer", "darker"),
    (r"medium|neither light nor dark|normal|average", "medium"),
    (r"\bdark|\bblack|\bdim", "dark"),
    (r"\blight|\bbright|\bwhite", "light"),
    (r"\bnever\b|\bno\b|\bnone\b|not at all", "none"),
)


def _word(text: str) -> str | None:
    return next((word for pattern, word in _WORDS if re.search(pattern, text)), None)
