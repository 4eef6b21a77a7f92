"""From checked statements to a score of 1 to 10, with the rules that bound it."""

from dataclasses import dataclass, field

from aurelia.models.offline.checked import Checked
from aurelia.types.replies import CapReply

REJECTED = 5.0
"""Highest score of a caption that is wrong or silent about what is needed: below 6."""
INCOMPLETE = 8.0
UNPROVEN = 2.0
WEAK = 9.0


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a score rests on.

    Attributes:
        checked: outcome for each statement.
        missing_senses: `audio` or `visual`, if needed and not spoken of.
        missing_topics: needed topics that are not spoken of.
        left_out: stretches that a list of stretches leaves out.
        needed: number of needed topics.
        unsure: statements that name something and could not be verified.
        unproven: needed topics about which something is said and nothing could be verified.
        asked: whether a question says what is needed; without one, a stretch that is left out
            costs less.
    """

    checked: list[Checked]
    missing_senses: list[str]
    missing_topics: list[str]
    left_out: list[str]
    needed: int
    unproven: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    asked: bool = True

    def count(self, status: str) -> int:
        """Statements of a status."""
        return sum(c.status == status for c in self.checked)

    def summary(self) -> str:
        """The counts in one sentence."""
        return (
            f"{self.count('supported')} of {len(self.checked)} statements supported, "
            f"{self.count('contradicted')} contradicted, "
            f"{self.count('unverifiable')} unverifiable; "
            f"{len(self.missing_topics) + len(self.left_out)} omissions."
        )


def scored(grounds: Grounds) -> tuple[float, list[CapReply]]:
    """Score and caps. Before caps: seven tenths truth, three tenths completeness."""
    total = len(grounds.checked)
    truth = grounds.count("supported") / total if total else 0.0
    gaps = len(grounds.missing_topics)
    complete = 1 - gaps / grounds.needed if grounds.needed else 1.0
    caps = _caps(grounds)
    raw = 1 + 9 * (0.7 * truth + 0.3 * complete)
    return round(min([raw, *(c.limit for c in caps)]), 1), caps


def _caps(grounds: Grounds) -> list[CapReply]:
    """Every rule that applies."""
    wrong = grounds.count("contradicted")
    unverifiable = grounds.count("unverifiable")
    absent, weak = grounds.missing_senses, any(c.weak for c in grounds.checked)
    omitted = (grounds.missing_topics or (grounds.asked and grounds.left_out)) and not absent
    rules: list[tuple[bool, str, float, str]] = [
        (
            wrong > 0,
            "contradicted",
            max(1.0, REJECTED + 1 - wrong),
            f"{wrong} statement(s) contradicted by measurement",
        ),
        (
            bool(absent),
            "missing modality",
            REJECTED,
            f"nothing {' and nothing '.join(absent)} is said, and it is needed",
        ),
        (
            bool(grounds.unproven),
            "need not verified",
            REJECTED,
            f"nothing that is said about {', '.join(grounds.unproven)} could be verified",
        ),
        (
            bool(grounds.unsure),
            "name not verified",
            REJECTED,
            f"{len(grounds.unsure)} statement(s) name something that could not be verified",
        ),
        (bool(omitted), "omission", REJECTED, "something that is needed is left out"),
        (
            not grounds.count("supported"),
            "nothing verified",
            UNPROVEN,
            "no statement could be verified",
        ),
        (
            bool(grounds.left_out) and not grounds.asked,
            "incomplete",
            INCOMPLETE,
            "a list of stretches leaves one out",
        ),
        (unverifiable > 0, "unverifiable", WEAK, "some of it could not be verified"),
        (
            weak and not unverifiable,
            "weakly verified",
            WEAK,
            "some of it was verified by the same kind of measurement",
        ),
    ]
    return [
        CapReply(rule=r, limit=limit, reason=why) for applies, r, limit, why in rules if applies
    ]
