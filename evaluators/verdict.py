"""From a critic's reply to a verdict: ids, what never reached the critic, caps."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from aurelia.errors import ReplyError
from aurelia.types.reasoning import (
    Cap,
    CaptionSentence,
    Claim,
    ClaimStatus,
    Complaint,
    Modality,
    Verdict,
)
from aurelia.types.replies import ClaimReply, ComplaintReply, Reply, ScoreReply, VerdictReply

CONTRADICTED_LIMIT = 5.0
UNCHECKED_LIMIT = 5.5
MEASURED_LIMIT = 9.0
"""Of a claim that was checked against measured sentences instead of the medium itself."""
_MEASURED_CONFIDENCE = 0.6
_STATUSES: dict[str, ClaimStatus] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "unverifiable": "unverifiable",
    "unsupported": "unverifiable",
    "refuted": "contradicted",
    "false": "contradicted",
}
_SENSES: dict[Modality | None, tuple[Modality, ...]] = {
    "visual": ("visual",),
    "audio": ("audio",),
    "both": ("visual", "audio"),
    None: (),
}
_WORDS: dict[Modality, str] = {"visual": "picture", "audio": "sound"}
_ARTICLES = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\w+(?:\.\w+)*")


def to_ten(raw: float, low: float, high: float) -> float:
    """Map a score from a critic's own range to 1-10.

    Raises:
        ReplyError: `raw` is outside the range; guessing what was meant would be inventing it.
    """
    if not low <= raw <= high:
        raise ReplyError(f"the score {raw:g} is outside {low:g} to {high:g}")
    # Rounded: a score of exactly τ must not fall below it by an error in the last binary digit.
    return round(min(10.0, 1 + 9 * ((raw - low) / (high - low))), 6)


def check_score(reply: Reply, *, low: float = 1, high: float = 10) -> None:
    """Refuse a reply whose score is outside the critic's range."""
    if isinstance(reply, (VerdictReply, ScoreReply)):
        to_ten(reply.score, low, high)


def build_verdict(
    reply: VerdictReply | ScoreReply,
    *,
    index: int,
    sentences: Sequence[CaptionSentence],
    received: Collection[Modality],
    measured: Collection[Modality] = (),
    low: float = 1,
    high: float = 10,
) -> Verdict:
    """The verdict on iteration `index`.

    Args:
        reply: what the critic said.
        index: iteration, from which claims and complaints get their ids (`k1.2`, `c1.2`).
        sentences: the caption's sentences, so that a claim finds the steps behind it.
        received: the senses that reached the critic. A claim about another one is unverifiable,
            whatever the critic says of it.
        measured: senses that it was told about in measured sentences. Without the medium itself,
            a claim about one is verified weakly: the score is 9 at most.
        low, high: the critic's own range.
    """
    score = to_ten(reply.score, low, high)
    if isinstance(reply, ScoreReply):
        return Verdict(score=score, raw_score=reply.score, rationale=reply.rationale)
    claims = [
        _claim(claim, f"k{index}.{n}", sentences, received, measured)
        for n, claim in enumerate(reply.claims, start=1)
    ]
    caps = [Cap(rule=cap.rule, limit=cap.limit, reason=cap.reason) for cap in reply.caps]
    caps += _caps(claims, received, measured)
    limit = min((cap.limit for cap in caps), default=10.0)
    return Verdict(
        score=max(1.0, min(score, limit)),
        raw_score=reply.score,
        perceived=reply.perceived,
        claims=claims,
        omissions=reply.omissions,
        complaints=[
            _complaint(complaint, f"c{index}.{n}", claims)
            for n, complaint in enumerate(reply.complaints, start=1)
        ],
        caps=caps,
        rationale=reply.rationale,
    )


def _claim(
    reply: ClaimReply,
    claim_id: str,
    sentences: Sequence[CaptionSentence],
    received: Collection[Modality],
    measured: Collection[Modality],
) -> Claim:
    status = _STATUSES.get(reply.status.strip(" .!*\"'").lower(), "unverifiable")
    observed, confidence = reply.observed, reply.confidence
    missing = _missing(reply.modality, {*received, *measured})
    # That a sight and a sound coincide can be contradicted by the sight alone.
    seen_false = status == "contradicted" and len(missing) < len(_SENSES[reply.modality])
    if missing and status != "unverifiable" and not seen_false:
        status = "unverifiable"
        observed = f"The critic was not given the clip's {' and '.join(missing)}."
    elif status != "unverifiable" and (told := _told(reply.modality, received, measured)):
        note = f"(checked against measured sentences about the {' and '.join(told)}: weak)"
        observed = f"{observed} {note}".strip()
        confidence = min(confidence, _MEASURED_CONFIDENCE)
    return Claim(
        id=claim_id,
        text=reply.text,
        step_ids=_steps_behind(reply.text, sentences),
        modality=reply.modality,
        start_s=reply.start_s,
        end_s=reply.end_s,
        status=status,
        observed=observed,
        confidence=confidence,
    )


def _told(
    modality: Modality | None, received: Collection[Modality], measured: Collection[Modality]
) -> list[str]:
    """The senses of a claim that reached the critic as measured sentences alone, in words."""
    senses = {_WORDS[sense] for sense in measured if sense not in received}
    return [word for word in _missing(modality, received) if word in senses]


def _missing(modality: Modality | None, received: Collection[Modality]) -> list[str]:
    """The senses that a claim rests on and that never reached the critic, in words."""
    # Where nothing reached it, not even a claim that names no sense was checked.
    needed = _SENSES[modality] or (() if received else ("visual", "audio"))
    return [_WORDS[sense] for sense in needed if sense not in received]


def _caps(
    claims: Sequence[Claim], received: Collection[Modality], measured: Collection[Modality]
) -> list[Cap]:
    caps = []
    contradicted = [claim for claim in claims if claim.status == "contradicted"]
    if contradicted:
        caps.append(
            Cap(
                rule="contradicted",
                limit=CONTRADICTED_LIMIT,
                reason=f"{contradicted[0].id} contradicts what the critic perceived",
            )
        )
    known = {*received, *measured}
    told = [
        claim
        for claim in claims
        if claim.status == "supported" and _told(claim.modality, received, measured)
    ]
    if told:
        caps.append(
            Cap(
                rule="measured only",
                limit=MEASURED_LIMIT,
                reason=f"{told[0].id} was checked against measured sentences, not the clip itself",
            )
        )
    unheard = [claim for claim in claims if _missing(claim.modality, known)]
    if unheard:
        caps.append(
            Cap(
                rule="unchecked",
                limit=UNCHECKED_LIMIT,
                reason=f"{unheard[0].id} rests on a medium that never reached the critic",
            )
        )
    return caps


def _complaint(reply: ComplaintReply, complaint_id: str, claims: Sequence[Claim]) -> Complaint:
    number = reply.claim or 0  # from 1; a number beyond the claims means none of them
    claim = claims[number - 1] if 1 <= number <= len(claims) else None
    return Complaint(
        id=complaint_id,
        step_id=next(iter(claim.step_ids), None) if claim else None,
        modality=reply.modality,
        start_s=reply.start_s,
        end_s=reply.end_s,
        action=reply.action,
        resolves=claim.id if claim else "",
    )


def same_statement(one: str, other: str) -> bool:
    """Whether two claims have the same words, in the same order, leaving out articles."""
    return statement_words(one) == statement_words(other)


def statement_words(text: str) -> tuple[str, ...]:
    """The words that make a claim what it is."""
    return tuple(word for word in _WORD.findall(text.casefold()) if word not in _ARTICLES)


@lru_cache(maxsize=2048)
def _words(text: str) -> frozenset[str]:
    """Each claim is compared with each sentence of the caption."""
    return frozenset(_WORD.findall(text.lower()))


def _steps_behind(text: str, sentences: Sequence[CaptionSentence]) -> list[str]:
    """Steps of the caption sentence that shares most words with `text`."""
    words = _words(text)
    best: CaptionSentence | None = None
    most = 0.0
    whole = text.strip().lower()
    for sentence in sentences:
        other = _words(sentence.text)
        shared = len(words & other)
        share = shared / (len(words) + len(other) - shared) if words or other else 0.0
        if whole and whole in sentence.text.lower():
            share = 1.0
        if share > most:
            best, most = sentence, share
    return list(best.step_ids) if best and most >= 0.25 else []
