"""Records of replies that another harness logged, as a run of our own has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aurelia.bench.harness.logged import Logged, failure
from aurelia.bench.rollouts import Rollouts
from aurelia.bench.run.reply import Injected, Reply, Said, Spent
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.spent import spent_by
from aurelia.bench.run.steps import Steps, accepted_steps, form_of, loop_calls, steps_of
from aurelia.bench.sample import Sample
from aurelia.errors import InputError
from aurelia.models.faults import redact
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes records of what was logged.

    Attributes:
        target: its name in tables, redacted.
        settings: variant, form and what was done about leaks.
        samples: by id.
        rollouts: whose steps were handed over, if any.
        earlier: zero-shot replies that the folder holds already, by sample.
    """

    target: str
    settings: RunSettings
    samples: Mapping[str, Sample]
    rollouts: Rollouts | None
    earlier: Mapping[str, Reply]

    def of(self, condition: str, found: Mapping[str, Mapping[str, Logged]]) -> list[Reply]:
        """One for each sample, if the condition was run at all."""
        if condition not in found:
            return []
        made = []
        for sample in self.samples.values():
            entry = found[condition].get(sample.id)
            if condition == "zero_shot":
                made.append(self._zero_shot(sample, entry))
                continue
            logged = found.get("zero_shot", {}).get(sample.id)
            zero = self.earlier.get(sample.id) or self._reply(sample, "zero_shot", logged)
            made.append(self._distilled(sample, entry, zero))
        return made

    def _rollout(self, sample: Sample) -> tuple[Trajectory | None, RStarForm]:
        variant = self.settings.variant
        rollout = self.rollouts.get(sample.id, variant) if self.rollouts else None
        return rollout, self.settings.form or (form_of(rollout) if rollout else "plan")

    def _zero_shot(self, sample: Sample, entry: Logged | None) -> Reply:
        if entry is not None and entry.prompt:
            rollout, form = self._rollout(sample)
            for index in [i.index for i in rollout.iterations] if rollout else []:
                text = steps_of(rollout, index, form, "record").text if rollout else ""
                own = f"{sample.asked} {' '.join((sample.options or {}).values())}"
                if text and _has(entry.prompt, text) and not _has(own, text):
                    raise InputError(
                        f"{entry.where} is a zero-shot reply, and what was asked holds the steps "
                        f"that the rollouts made for {sample.id!r} (pass {index}); it was asked "
                        "with them, and is none."
                    )
        return self._reply(sample, "zero_shot", entry)

    def _distilled(self, sample: Sample, entry: Logged | None, zero: Reply) -> Reply:
        rollout, form = self._rollout(sample)
        steps = accepted_steps(rollout, form, self.settings.leaks)
        if entry is not None and not steps.text:
            raise InputError(
                f"{entry.where} is a distilled reply, and the rollouts hand nothing over for "
                f"{sample.id!r} ({steps.why}); give those that were exported, with the same "
                "settings."
            )
        if entry is not None and entry.prompt and not _has(entry.prompt, steps.text):
            raise InputError(
                f"{entry.where}: the steps that the rollouts hold for {sample.id!r} are not in "
                "what was asked; give the rollouts that were exported, with the same settings."
            )
        injected = Injected(text=steps.text, form=form, origin=steps.origin) if steps.text else None
        if injected is None:
            return _stands(zero, steps, rollout)
        return self._reply(sample, "distilled", entry).model_copy(
            update={"injected": injected, **_loop(rollout)}
        )

    def _reply(self, sample: Sample, condition: str, entry: Logged | None) -> Reply:
        there = [reply for reply in entry.replies if reply is not None] if entry else []
        given = [reply for reply in there if not failure(reply)]
        if entry is None or not given:
            none = "the logs have no reply to this sample"
            if entry:
                none = f"{entry.where}: there is no reply"
            failed = failure(there[0]) if there else ""
            return Reply(
                **self._key(sample, condition),
                status="failed",
                why=f"{entry.where}: {redact(failed)}" if entry and failed else none,
            )
        spent = Spent(
            calls=len(entry.replies),
            input_tokens=entry.input_tokens,
            output_tokens=entry.output_tokens,
            paid_usd=None,
            worth_usd=None,
        )
        said = [Said(raw=raw) for raw in given]
        return Reply(
            **self._key(sample, condition),
            status="answered",
            said=said,
            why=f"logged in {entry.where}",
            spent=spent,
        )

    def _key(self, sample: Sample, condition: str) -> dict[str, Any]:
        return {
            "target": self.target,
            "condition": condition,
            "sample_id": sample.id,
        }


def _stands(zero: Reply, steps: Steps, rollout: Trajectory | None) -> Reply:
    return zero.model_copy(
        update={
            "condition": "distilled",
            "status": "stands" if zero.said else zero.status,
            "why": steps.why if zero.said else f"{steps.why}; {zero.why}",
            "stands_for": "zero_shot",
            **_loop(rollout),
        }
    )


def _loop(rollout: Trajectory | None) -> dict[str, Any]:
    """What the loop took, which belongs to the distilled reply."""
    if rollout is None:
        return {}
    return {"rollout": rollout.stop_reason, "elsewhere": spent_by(loop_calls(rollout))}


def _has(prompt: str, text: str) -> bool:
    """Whether a text stands in a prompt, however the log folds its lines."""
    return " ".join(text.split()) in " ".join(prompt.split())
