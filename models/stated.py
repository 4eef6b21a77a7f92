"""Which score a reply in prose states, as opposed to one that it mentions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aurelia.models.quoting import in_quotes, occurs

_MOST = 50
"""Scores that are looked at, from the end: each looks at the whole text again."""

_OF_TEN = r"(?: [\s*_`]* (?: / | out\ of | of ) [\s*_`]* 10 \b )"
_NUMBER = r"-?\d{1,4}+ (?:[.,]\d++)?+"
_SCORE = re.compile(
    rf"""
    \b (?: score | rating ) \b
    (?: \s+ (?: out\ of\ 10 | given | awarded ) \b | \s* /\ ?10 \b
        | \s+ (?:for|of) \s+ (?:the|this) \s+ (?:caption|description|clip|video) \b )?
    (?: \s* \( [^()\n]* \) )?                           # "score (1-10): 8"
    (?P<joint> [\s"'`*_:=|]*+ (?: (?: is | of | be ) \b | [-–—] (?=\s) )?+ [\s"'`*_:=|]*+ )
    (?P<score> {_NUMBER} ) (?!\w)
    (?! \s* (?: - | – | — | to\b ) \s* \d )             # a range is no score
    (?! \s* (?: = | means\b | stands\ for\b ) )         # nor is what explains the scale
    (?P<scale> [\s*_`]* (?: (?:/|out\ of) [\s*_`]* (?!10\b) \d | % ) )?  # 70/100 is not one of ten
    """,
    re.I | re.X,
)
_GIVEN = re.compile(
    rf"""
    \b I (?: ['’](?:d|ll) | \s+ (?:would|will) )? \s+ (?: give | rate | score | award | assign ) \s+
    (?: it | this | that | (?:the|this) \s+ (?:caption|description) ) \s+
    (?: (?:a|an|at|as) \s+ )? (?: (?:score|rating) \s+ of \s+ )?
    [*_`]* (?P<score> {_NUMBER} ) (?: {_OF_TEN} | (?= [\s*_`]* (?: [.!] | \Z ) ) )
    (?! [^.!?\n]* \b (?: if | unless | were | had ) \b )
    """,
    re.I | re.X,
)
_ALONE = re.compile(
    rf"[\s*_`]* (?P<score> {_NUMBER} ) [\s*_`]* {_OF_TEN}? (?: \s* points? )? [\s*_`.!]*",
    re.I | re.X,
)
_ASIDE = re.compile(
    r"""
    (?: n['’]t\b | \b (?: not | never | cannot | unable | refus\w+ | declin\w+ | ignor\w+
        | instead\ of | rather\ than
        | say(?:s|ing)? | said | claim(?:s|ed|ing)? | ask(?:s|ed|ing)? | demand(?:s|ed|ing)?
        | request(?:s|ed|ing)? | tell(?:s|ing)? | told | instruct(?:s|ed|ing)? | want(?:s|ed)?
        | state(?:s|d)? | read(?:s|ing)? | urge[sd]? | order(?:s|ed)? | wrote | writes?
        | written | insist(?:s|ed)? | contain(?:s|ed|ing)? | includ(?:es|ed|ing) | quot\w+
    ) \b )
    [^.!?;,:()\n]* :? \s* \Z
    """,
    re.I | re.X,
)
"""What turns a score that follows in the same clause into reported or denied speech."""

_SENTENCE = re.compile(r".*(?:[.!?;][\s)*_\"'”]|\n|\A)", re.S)
_CLAUSE = re.compile(r".*[,:(—–]", re.S)
_LISTED = re.compile(r"\A[\s>#*_`|•-]*(?:\d{1,2}[.)]\s)?")
_LATER = frozenset(("final", "overall", "revised", "updated", "total"))
_LEADING = _LATER | frozenset(
    (
        "the",
        "my",
        "our",
        "a",
        "so",
        "thus",
        "hence",
        "therefore",
        "then",
        "here",
        "caption's",
        "caption",
        "critic's",
        "critic",
        "verdict",
        "answer",
        "result",
        "evaluation",
        "assessment",
        "judgement",
        "judgment",
        "rating",
        "score",
        "in",
        "conclusion",
        "summary",
        "on",
        "reflection",
        "all",
    )
)
"""Words that may stand between the beginning of a sentence and a score that is stated."""

_MENTIONED, _PERHAPS, _STATED = range(3)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A score in prose.

    Attributes:
        value: None where it is on another scale.
        rank: whether it is stated, mentioned in passing, or can't be told.
        later: whether it says of itself that it is the last word.
    """

    value: float | None
    rank: int
    later: bool = False


def bare_number(text: str) -> float | None:
    """A text that is a number alone, of ten or with points: `7`, `**7**/10`; None for another."""
    match = _ALONE.fullmatch(text)
    return _number(match["score"]) if match else None


def prose_score(prose: str, quoted: Sequence[str]) -> float | None:
    """The score that is stated in prose, of ten; None without one.

    A score at the beginning of a line or a sentence (`Score: 3`) counts before one in mid-sentence,
    and the last such one counts. Where it can't be told which of two is meant, there is none. What
    stands in quotation marks or on a quoted line, is reported or denied, or occurs word for word
    in one of the `quoted` texts is not stated. A last score on another scale leaves none.
    """
    found = [*_SCORE.finditer(prose), *_GIVEN.finditer(prose)]
    found.sort(key=lambda match: match.end("score"))
    candidates = [
        candidate for match in found[-_MOST:] if (candidate := _candidate(prose, match, quoted))
    ]
    if not candidates or candidates[-1].value is None:
        return None
    best = max(candidate.rank for candidate in candidates)
    top = [candidate for candidate in candidates if candidate.rank == best]
    chosen = top[-1]
    rivals = [c for c in candidates if c.rank == _PERHAPS]
    if best == _MENTIONED:
        rivals = candidates
    elif not chosen.later:
        rivals += [c for c in top if c.later]
    return chosen.value if all(c.value == chosen.value for c in rivals) else None


def _candidate(prose: str, match: re.Match[str], quoted: Sequence[str]) -> _Candidate | None:
    """What a match is worth; None where it isn't the reply's own word."""
    before = prose[max(0, match.start() - 200) : match.start()]
    if (
        in_quotes(prose, match.start())
        or _ASIDE.search(before)
        or occurs(match[0], quoted)
        or not (value := match["score"])
    ):
        return None
    sentence = _SENTENCE.sub("", before, count=1)
    clause = _CLAUSE.sub("", sentence, count=1)
    stands, words = _leads(sentence)
    if match.re is _GIVEN:
        return _Candidate(_number(value), _STATED) if stands else None
    joint = match["joint"]
    told = any(sign in joint for sign in ":=|\n-–—*") or "is" in joint.lower()
    rank = _MENTIONED
    if told:
        rank = _STATED if stands else _PERHAPS if _leads(clause)[0] else _MENTIONED
    return _Candidate(None if match["scale"] else _number(value), rank, bool(words & _LATER))


def _leads(text: str) -> tuple[bool, set[str]]:
    """Whether a text only leads to what follows, and its words."""
    text = _LISTED.sub("", text, count=1)
    words = {word.casefold() for word in re.findall(r"[^\W_]+(?:['’]\w+)?", text)}
    return {word.replace("’", "'") for word in words} <= _LEADING, words


def _number(text: str) -> float:
    return float(text.replace(",", "."))
