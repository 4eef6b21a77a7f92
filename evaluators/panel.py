"""Several critics, one verdict: the median score, and what each of them found.

The rules, all of them:

- The score is the median of the scored members' scores, each after its own caps; with an even
  number of them, the mean of the middle two. Unscored members don't count, and stay on the record.
- Two claims are one where they have the same words, in the same order, leaving out articles.
- A claim that any member contradicts is contradicted, unless at least half of the scored members
  support it. Otherwise it is supported if anyone supports it, else unverifiable.
- Omissions and complaints are the union, each once.
"""

from collections.abc import Sequence
from statistics import median, pstdev

from aurelia.evaluators.verdict import statement_words
from aurelia.types.reasoning import Claim, ClaimStatus, Complaint, Member, Unscored, Verdict


def combine(members: Sequence[Member], index: int) -> Verdict | Unscored:
    """The verdict of a panel.

    Args:
        members: what each critic said, the main one first.
        index: iteration, from which claims and complaints get their ids (`k1.2`, `c1.2`).
    """
    given = [m.verdict for m in members if isinstance(m.verdict, Verdict)]
    if not given:
        return _none_scored(members)
    scores = [verdict.score for verdict in given]
    claims, ids = _claims(given, index)
    return Verdict(
        score=median(scores),
        raw_score=median(verdict.raw_score for verdict in given),
        perceived=next((v.perceived for v in given if v.perceived), {}),
        claims=claims,
        omissions=_unique([text for verdict in given for text in verdict.omissions]),
        complaints=_complaints(given, ids, index),
        rationale=_rationale(members, scores),
        members=list(members),
        disagreement=round(max(scores) - min(scores), 6),
        spread=round(pstdev(scores), 6),
    )


def _none_scored(members: Sequence[Member]) -> Unscored:
    reasons = "; ".join(
        f"{m.critic}: {m.verdict.reason}" for m in members if isinstance(m.verdict, Unscored)
    )
    raw = next((m.verdict.raw for m in members if isinstance(m.verdict, Unscored)), "")
    return Unscored(
        reason=f"none of {len(members)} critics gave a score ({reasons})",
        raw=raw,
        members=list(members),
    )


def _rationale(members: Sequence[Member], scores: Sequence[float]) -> str:
    listed = ", ".join(f"{score:g}" for score in scores)
    unscored = len(members) - len(scores)
    missing = f"; {unscored} of {len(members)} gave no score" if unscored else ""
    return f"The median of {listed}{missing}."


def _claims(
    verdicts: Sequence[Verdict], index: int
) -> tuple[list[Claim], dict[tuple[int, str], str]]:
    """Merged claims, and the new id of each member's claims."""
    grouped: dict[tuple[str, ...], list[tuple[int, Claim]]] = {}
    for number, verdict in enumerate(verdicts):
        for claim in verdict.claims:
            grouped.setdefault(statement_words(claim.text), []).append((number, claim))
    claims: list[Claim] = []
    ids: dict[tuple[int, str], str] = {}
    for position, group in enumerate(grouped.values(), start=1):
        merged = _merged([claim for _, claim in group], len(verdicts), f"k{index}.{position}")
        claims.append(merged)
        ids |= {(number, claim.id): merged.id for number, claim in group}
    return claims, ids


def _merged(claims: Sequence[Claim], voters: int, claim_id: str) -> Claim:
    """One claim of several members."""
    status = merged_status([claim.status for claim in claims], voters)
    spokesman = next(claim for claim in claims if claim.status == status)
    same = [claim for claim in claims if claim.status == status]
    against = next(
        (c for c in claims if status == "supported" and c.status == "contradicted"), None
    )
    observed = spokesman.observed
    if against:
        words = against.observed or "no reason given"
        observed = f"{observed} A member contradicts it: {words}".strip()
    return spokesman.model_copy(
        update={
            "id": claim_id,
            "step_ids": list(dict.fromkeys(s for claim in claims for s in claim.step_ids)),
            "observed": observed,
            "confidence": round(sum(claim.confidence for claim in same) / len(same), 6),
        }
    )


def merged_status(statuses: Sequence[ClaimStatus], voters: int) -> ClaimStatus:
    """The status of a claim from its members' statuses; `voters` members gave a score."""
    supporting = statuses.count("supported")
    if "contradicted" in statuses and 2 * supporting < voters:
        return "contradicted"
    return "supported" if supporting else "unverifiable"


def _complaints(
    verdicts: Sequence[Verdict], ids: dict[tuple[int, str], str], index: int
) -> list[Complaint]:
    kept: dict[tuple[object, ...], Complaint] = {}
    for number, verdict in enumerate(verdicts):
        for complaint in verdict.complaints:
            key = (
                statement_words(complaint.action),
                complaint.modality,
                complaint.start_s,
                complaint.end_s,
            )
            resolves = ids.get((number, complaint.resolves), "")
            kept.setdefault(key, complaint.model_copy(update={"resolves": resolves}))
    return [
        complaint.model_copy(update={"id": f"c{index}.{n}"})
        for n, complaint in enumerate(kept.values(), start=1)
    ]


def _unique(texts: Sequence[str]) -> list[str]:
    return list({statement_words(text): text for text in reversed(texts)}.values())[::-1]
