"""A *condition* is one way of asking a target about a sample; any two can be compared.

`zero_shot` and `distilled` are two (`aurelia.bench.run.modes`), and every control is one more. A
condition decides on one item and asks nobody about the question itself: it returns what is to be
done, and the runner does it, records it and never does it twice. What a condition has to ask on the
way (steps made without media, say) goes through its `World`, and is counted as its cost.

Controls stand in `aurelia.bench.controls.registry.CONTROLS` (a tuple of conditions, in the order of
tables); clips of probes are made by `aurelia.bench.probes.clips.probe_clip(name, sample, world)`,
a coroutine that returns a `Clip`. Both are imported when they are asked for.

Ground truth may choose what is asked (the steps of a clip with *another* answer), and never enters
what is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aurelia.bench.run.reply import Origin, Reply
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample
from aurelia.graph.context import Context
from aurelia.models.request import ModelReply, ModelRequest
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template
from aurelia.types.clip import Clip
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Call, Trajectory

OWN_CLIP, NO_CLIP = "own", "none"


@dataclass(frozen=True, slots=True)
class Item:
    """What a condition decides on.

    Attributes:
        sample: with its ground truth, for choosing and scoring alone; its paths are resolved.
        rollout: the sample's rollout of the run's variant; None where there is none.
        target: the model string.
        repeat: which of several runs of the same question, from 0.
        form: in which form r* is handed over.
    """

    sample: Sample
    rollout: Trajectory | None
    target: str
    repeat: int
    form: RStarForm


@dataclass(frozen=True, slots=True)
class Ask:
    """A request about the sample's question. Two that differ by `r_star` alone are two requests
    that differ by that block alone.

    Attributes:
        r_star: what is handed over; None or empty: nothing.
        form: what `r_star` is, for the record.
        clip: `own`, `none` (no media at all), or the name of a probe of the clip, such as `muted`.
        options: whether the sample's options are shown.
        model: who is asked; None: the item's target.
        prompt: another template than `target_zero_shot` or `target_distilled`. It may place
            `question`, `options`, `evidence` and `r_star`.
        draws: independent replies; above 1 the most frequent answer counts.
        origin: where `r_star` comes from, for the record.
        note: for the record, in words.
    """

    r_star: str | None = None
    form: RStarForm | None = None
    clip: str = OWN_CLIP
    options: bool = True
    model: str | None = None
    prompt: Template | None = None
    draws: int = 1
    origin: Origin | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Same:
    """The reply of another condition to the same item stands; it is asked if it was not yet."""

    condition: str
    why: str


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that is known without asking; it is read as a reply is. Empty: unparsed."""

    raw: str
    why: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """This condition has nothing to say about the item: counted, and out of its comparisons. What
    *failed* is not missing: raise the error, and the sample stays in the denominator."""

    why: str


Decision = Ask | Same | Given | Missing


class World(Protocol):
    """What goes beyond the item. There is one for each decision, so that costs have an owner."""

    @property
    def context(self) -> Context:
        """Settings of the run (budgets of frames, sampling, cache …); `target` is the item's."""

    @property
    def prompts(self) -> PromptSet:
        """The run's prompts."""

    @property
    def settings(self) -> RunSettings:
        """What the run was told: `draws` for best of k, `seed`, `leaks` …"""

    @property
    def samples(self) -> Mapping[str, Sample]:
        """All samples of the run by id, in the file's order."""

    def peers(self, sample: Sample, *, other_answer: bool = True) -> Sequence[Sample]:
        """Samples with the same kind of question about other videos, from the next in the file
        round to the one before; `other_answer`: only those whose right answer is another."""

    async def rollout(self, sample_id: str, repeat: int | None = None) -> Trajectory | None:
        """A rollout of the run's variant; of `repeat`, or the one that goes with the item's."""

    async def clip(self, sample: Sample, name: str = OWN_CLIP) -> Clip:
        """A sample's clip, opened; `name` as in `Ask.clip`.

        Raises:
            MediaError: it can't be opened, or the probe can't be made of it.
        """

    async def call(self, request: ModelRequest) -> ModelReply:
        """Ask a model in any role through the call layer; the cost is this condition's.

        Raises:
            CallFailed: it could not be asked, or failed. Let it pass and the item is failed; where
                the call made help for the target, let the zero-shot reply stand (`Same`), as it
                does for `distilled` where the loop failed.
        """

    async def ask(self, ask: Ask) -> ModelReply:
        """Ask about the item's question on the way to a decision, such as the target for steps of
        its own; `draws` counts for nothing here."""

    async def reply(self, condition: str) -> Reply:
        """The reply of another condition to the same item; asked if it was not yet. Its cost stays
        its own: `spend` its calls where they are part of what this condition takes."""

    def made(self, calls: Iterable[Call]) -> None:
        """Count calls that were made for this decision by another road than `call`, such as those
        of a rollout that was run on the way."""

    def spend(self, calls: Iterable[Call]) -> None:
        """Count calls that were made elsewhere as part of what this condition takes, such as those
        of the rollout whose steps are handed over, accepted or not (`loop_calls`)."""


class Condition(Protocol):
    """One way of asking.

    Attributes:
        name: as in files, such as `zero_shot`; letters, digits and `_`.
        title: as in tables; short.
        needs_rollout: whether it takes rollouts, so that a run without them can be refused.
        cheap: whether it costs no more than one request to the target for each item.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def needs_rollout(self) -> bool: ...

    @property
    def cheap(self) -> bool: ...

    async def decide(self, item: Item, world: World) -> Decision:
        """What is to be done about an item.

        Raises:
            AureliaError: something failed on the way; the item is recorded as failed.
        """
