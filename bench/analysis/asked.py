"""What a benchmark run knows of targets: which text was handed over, and what came of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aurelia.bench.analysis.logged import DEFAULT_VARIANT
from aurelia.bench.run.reply import Reply
from aurelia.bench.tables.results import Result

ZERO_SHOT = "zero_shot"
_USUAL = ("target_distilled", "target_zero_shot")
_ASKED = ("answered", "stands")
_DRAWN = re.compile(r"best of \d+: (.+)")
_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(slots=True)
class TargetAnswers:
    """What one target's replies are worth, by the text that it was given.

    A text that was given in another repeat stands in where the repeat's own was not asked for: the
    request was the same.
    """

    marks: dict[tuple[str, str], dict[int, float]] = field(default_factory=dict)

    def add(self, sample_id: str, text: str, repeat: int, mark: float) -> None:
        """Note a reply; of several with the same text and repeat the first counts."""
        self.marks.setdefault((sample_id, text), {}).setdefault(repeat, mark)

    def value(self, sample_id: str, text: str, repeat: int) -> float | None:
        """What the reply to this very text is worth; None where nobody knows."""
        found = self.marks.get((sample_id, text))
        if not found:
            return None
        return found[repeat] if repeat in found else sum(found.values()) / len(found)


@dataclass(frozen=True, slots=True)
class Handed:
    """A pass whose steps were handed to a target.

    Attributes:
        run: id of the trajectory.
        iteration: of the pass.
        after, before: what the replies with and without are worth, 0 to 1.
        sample_id: of the sample.
        variant: of the rollouts that the benchmark ran on.
        score: the critic's, where the pass was drawn for the benchmark and is in no rollout; None
            where the reply does not say.
    """

    target: str
    condition: str
    run: str
    iteration: int
    after: float
    before: float
    sample_id: str = ""
    variant: str = DEFAULT_VARIANT
    score: float | None = None


def answers_of(
    replies: Iterable[Reply], results: Sequence[Result], variant: str = DEFAULT_VARIANT
) -> tuple[dict[str, TargetAnswers], list[Handed]]:
    """What is known by target, and which passes were handed over.

    Only requests that `distilled` could have made count: about the sample's own clip, with its
    options, the usual prompt, one draw, and steps made for the sample itself. A reply that stands
    for another is that one under another name: a control whose pass is the one that was accepted
    was handed that pass, and to leave it out would leave out just what scored high. Captions are
    scored as a set, and are not among them.

    Args:
        replies: of the run.
        results: their scores.
        variant: of the rollouts that the run took.
    """
    marks = {
        (r.target, r.condition, r.sample_id, r.repeat): r.score
        for r in results
        if r.caption is None
    }
    known: dict[str, TargetAnswers] = {}
    handed: list[Handed] = []
    for reply in replies:
        mark = marks.get(reply.key)
        if mark is None or not _usual(reply):
            continue
        answers = known.setdefault(reply.target, TargetAnswers())
        if reply.injected is None:
            if reply.condition == ZERO_SHOT:
                answers.add(reply.sample_id, "", reply.repeat, mark)
            continue
        origin = reply.injected.origin
        own = origin is not None and origin.sample_id == reply.sample_id and origin.run
        if origin is None or not own or not reply.injected.text:
            continue
        answers.add(reply.sample_id, reply.injected.text, origin.repeat, mark)
        before = marks.get((reply.target, ZERO_SHOT, reply.sample_id, reply.repeat))
        if origin.iteration is not None and before is not None:
            handed.append(
                Handed(
                    target=reply.target,
                    condition=reply.condition,
                    run=origin.run,
                    iteration=origin.iteration,
                    after=mark,
                    before=before,
                    sample_id=reply.sample_id,
                    variant=variant,
                    score=_drawn_score(reply.why),
                )
            )
    return known, handed


def scores_of(results: Iterable[Result]) -> Mapping[str, dict[tuple[str, int], float]]:
    """Scores by sample and repeat of each target and condition, named `TARGET, condition`."""
    found: dict[str, dict[tuple[str, int], float]] = {}
    for r in results:
        if r.caption is None:
            found.setdefault(f"{r.target}, {r.condition}", {})[r.sample_id, r.repeat] = r.score
    return found


def _usual(reply: Reply) -> bool:
    plain = reply.clip == "own" and reply.options and not reply.model and len(reply.said) == 1
    # Another harness was handed the usual prompts, and its replies name none.
    elsewhere = not reply.prompt and not reply.calls
    return reply.status in _ASKED and plain and (elsewhere or reply.prompt.startswith(_USUAL))


def _drawn_score(why: str) -> float | None:
    """The score of the pass that `best_of_k` picked: the highest of those that its reply lists."""
    listed = _DRAWN.fullmatch(why)
    scores = [float(s) for s in listed[1].split(", ") if _NUMBER.fullmatch(s)] if listed else []
    return max(scores, default=None)
