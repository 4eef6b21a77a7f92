"""What a check of a run found."""

from typing import Literal

from pydantic import Field

from aurelia.types.reasoning import Record

SCHEMA_VERSION = 1

Kind = Literal[
    "cell",
    "result",
    "reply",
    "judgement",
    "duplicate",
    "manifest",
    "prompt",
    "handed_over",
    "rollout",
    "leak",
    "selection",
    "parse",
    "budget",
    "judge",
    "unchecked",
]
"""`cell`, `result`: what stands in a file is not what comes of the replies. `reply`, `judgement`,
`duplicate`, `manifest`, `prompt`, `handed_over`, `rollout`: a record is not what it says it is. The
others are no faults of a file, but reasons to doubt what a difference means."""

MOST_NAMED = 5
"""Examples that a finding names; it counts them all."""


class Finding(Record):
    """One thing that is wrong, or that a reader should know."""

    kind: Kind
    wrong: bool = Field(description="Whether a file is not what it should be: then exit code 1.")
    text: str = Field(description="In one sentence.")
    where: list[str] = Field(default=[], description="Examples, or the cells.")
    count: int = Field(default=1, description="How many there are; `where` may name fewer.")


class Verification(Record):
    """All that was checked and found."""

    schema_version: int = SCHEMA_VERSION
    folder: str
    replies: int
    results: int
    cells: int = Field(description="Cells of `table.csv` that were computed again.")
    tables: list[str] = Field(description="Printed tables that were written again and compared.")
    rollouts: int = Field(description="Recorded passes that r* was compared with.")
    findings: list[Finding]

    @property
    def wrong(self) -> bool:
        """Whether anything is not what it should be."""
        return any(finding.wrong for finding in self.findings)


def finding(kind: Kind, wrong: bool, text: str, where: list[str]) -> Finding:
    """A finding about several places, the first of which are named."""
    return Finding(kind=kind, wrong=wrong, text=text, where=where[:MOST_NAMED], count=len(where))


def some(kind: Kind, wrong: bool, text: str, where: list[str]) -> list[Finding]:
    """The finding, or nothing where there is no place."""
    return [finding(kind, wrong, text.format(n=len(where)), where)] if where else []
