"""What measurement contradicts bounds a language model's score."""

from collections.abc import Sequence

from aurelia.evaluators.verdict import CONTRADICTED_LIMIT, same_statement
from aurelia.types.reasoning import Cap, Claim, Complaint, Grounding, Unscored, Verdict

MEASURING = "offline:perception"
"""The critic that measures."""


def ground(verdict: Verdict, measured: Verdict | Unscored) -> Verdict:
    """A language model's verdict, bounded by what measurement contradicts.

    Facts that were measured and contradict the caption bound the score by 5. They join the
    claims, and what measurement asks for about them joins the complaints, so that the actor is
    told. Nothing else of the measuring critic counts: what it can't read it calls unverifiable,
    and that says nothing about the caption.

    Args:
        verdict: of the critic that is wrapped.
        measured: of the critic that measures, on the same caption.
    """
    if isinstance(measured, Unscored):
        problem = Grounding(critic=MEASURING, problem=measured.reason)
        return verdict.model_copy(update={"grounded": problem})
    wrong = [claim for claim in measured.claims if claim.status == "contradicted"]
    grounded = Grounding(
        critic=MEASURING, score=measured.score, caps=measured.caps, contradicted=wrong
    )
    if not wrong:
        return verdict.model_copy(update={"grounded": grounded})
    claims, ids = _joined(verdict.claims, wrong)
    cap = Cap(
        rule="grounded",
        limit=CONTRADICTED_LIMIT,
        reason=f"measurement contradicts {ids[wrong[0].id]}: {wrong[0].observed}".rstrip(": "),
    )
    return verdict.model_copy(
        update={
            "score": min(verdict.score, CONTRADICTED_LIMIT),
            "caps": [*verdict.caps, cap],
            "claims": claims,
            "complaints": [*verdict.complaints, *_asked(verdict, measured, ids)],
            "grounded": grounded,
        }
    )


def _joined(claims: Sequence[Claim], wrong: Sequence[Claim]) -> tuple[list[Claim], dict[str, str]]:
    """Claims with the contradicted ones among them, and the new id of each of these.

    A claim in the same words takes what was measured; others are added.
    """
    joined = list(claims)
    ids: dict[str, str] = {}
    for claim in wrong:
        places = [n for n, own in enumerate(joined) if same_statement(own.text, claim.text)]
        observed = f"Measured: {claim.observed}"
        if places:
            own = joined[places[0]]
            changed = {
                "status": "contradicted",
                "observed": observed,
                "confidence": claim.confidence,
            }
            joined[places[0]] = own.model_copy(update=changed)
            ids[claim.id] = own.id
        else:
            stem = claim.id.partition(".")[0]
            ids[claim.id] = f"{stem}.{len(joined) + 1}"
            joined.append(claim.model_copy(update={"id": ids[claim.id], "observed": observed}))
    return joined, ids


def _asked(verdict: Verdict, measured: Verdict, ids: dict[str, str]) -> list[Complaint]:
    about = [complaint for complaint in measured.complaints if complaint.resolves in ids]
    first = len(verdict.complaints) + 1
    return [
        complaint.model_copy(
            update={
                "id": f"{complaint.id.partition('.')[0]}.{n}",
                "resolves": ids[complaint.resolves],
            }
        )
        for n, complaint in enumerate(about, start=first)
    ]
