"""What a critic makes of captions whose truth is known."""

from collections.abc import Callable, Sequence
from itertools import groupby

from pydantic import Field

from aurelia.bench.cases import CriticCase
from aurelia.bench.rejected import Rejected, Said, count_rejected
from aurelia.errors import AureliaError
from aurelia.graph.context import make_context
from aurelia.graph.run import critique
from aurelia.media.open import open_clip
from aurelia.models.registry import resolve_model
from aurelia.nodes.judging import critic_models
from aurelia.types.reasoning import Record, Unscored

SCHEMA_VERSION = 1


class CriticReport(Record):
    """A critic on true captions and on lies."""

    schema_version: int = SCHEMA_VERSION
    critic: str
    panel: list[str] = Field(default=[], description="Further critics; the median counts.")
    threshold: float
    n: int
    true: Rejected
    lies: Rejected
    by_kind: dict[str, Rejected]
    failures: dict[str, str] = Field(description="Why calls failed, by the id of the case.")
    interrupted: bool = Field(default=False, description="Then `n` is what was done until then.")


def ask_critic(
    cases: Sequence[CriticCase],
    critic: str,
    threshold: float = 6.0,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    panel: Sequence[str] = (),
) -> CriticReport:
    """Let a critic score each case, one after the other; Ctrl-C gives what is done so far.

    Args:
        cases: with paths resolved.
        critic: a model string, `grounded:` included.
        threshold: a caption below it is rejected, 1 to 10.
        on_progress: called with cases done and cases in all.
        panel: further critics; the median of all their scores counts.

    Raises:
        InputError: a critic or the threshold can't be used.
        KeyboardInterrupt: interrupted before any case was done.
    """
    for model in critic_models(make_context(critic=critic, panel=list(panel), threshold=threshold)):
        resolve_model(model)
    judged: list[tuple[CriticCase, Said]] = []
    failures: dict[str, str] = {}
    interrupted = False
    try:
        for number, case in enumerate(cases, start=1):
            try:
                judged.append((case, _judged(case, critic, panel, threshold)))
            except AureliaError as error:
                failures[case.id] = str(error)
                judged.append((case, "failed"))
            if on_progress:
                on_progress(number, len(cases))
    except KeyboardInterrupt:
        if not judged:
            raise
        interrupted = True
    lies = sorted(
        ((case.kind or "unnamed", said) for case, said in judged if case.truth == "lie"),
        key=lambda pair: pair[0],
    )
    return CriticReport(
        critic=critic,
        panel=list(panel),
        threshold=threshold,
        n=len(judged),
        true=count_rejected([said for case, said in judged if case.truth == "true"]),
        lies=count_rejected([said for _, said in lies]),
        by_kind={
            kind: count_rejected([said for _, said in group])
            for kind, group in groupby(lies, key=lambda pair: pair[0])
        },
        failures=failures,
        interrupted=interrupted,
    )


def _judged(case: CriticCase, critic: str, panel: Sequence[str], threshold: float) -> Said:
    clip = open_clip(case.clip, case.audio, case.start_s, case.end_s, case.candidates or None)
    verdict = critique(clip, case.caption, case.question, critic=critic, panel=list(panel))
    if isinstance(verdict, Unscored):
        return "unscored"
    return "rejected" if verdict.score < threshold else "accepted"
