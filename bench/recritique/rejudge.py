"""One recorded run, its captions judged anew: the actor's steps stay as they are."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import cast

from aurelia.bench.recritique.clips import located
from aurelia.bench.recritique.wish import Settings, Wish, summarizes_again
from aurelia.evaluators.leak import find_leaks
from aurelia.evaluators.selection import accepted_at, conclude
from aurelia.graph.context import Context
from aurelia.models.ask import Asked, ask
from aurelia.models.request import Draw
from aurelia.models.usage import totals_of
from aurelia.nodes.judging import critic_models, family_warnings, judge
from aurelia.nodes.record import given_media
from aurelia.nodes.summarizing import caption_sentences, summarizer_request
from aurelia.prompts.template import Template
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Reasoning
from aurelia.types.replies import CaptionReply
from aurelia.types.trajectory import (
    Best,
    Call,
    Iteration,
    Parent,
    StopReason,
    TemplateRecord,
    Trajectory,
)


@dataclass
class _Anew:
    """What one run is judged with, and what has come of it so far."""

    run: Trajectory
    clip: Clip
    settings: Settings
    summarizes: bool
    calls: list[Call] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    templates: dict[str, TemplateRecord] = field(default_factory=dict)
    failure: str = ""

    def template(self, name: str) -> Template:
        task = (self.run.sample or {}).get("task")
        return self.settings.prompts.get(name, task)

    def note(self, asked: Asked) -> list[Call]:
        self.calls += asked.calls
        self.texts |= asked.texts
        for used in asked.templates:
            record = TemplateRecord(name=used.name, text=used.text, source=used.source)
            self.templates[used.hash] = record
        return asked.calls


async def rejudge(run: Trajectory, wish: Wish, clips: Path | None = None) -> Trajectory:
    """A record like the run's, with other verdicts (and captions, where these are asked for).

    Feedback is not asked for again, and later passes were answers to the first critic's: the
    record says so. Replies come through the ledger, drawn as the loop draws them, so that asking
    the recorded critic with the recorded prompts costs nothing. The target's answers are left
    out, for they belong to what the first critic accepted.

    Args:
        run: as recorded.
        wish: what differs.
        clips: where its clip is, where it lies elsewhere by now.

    Returns:
        A run of its own, with the first one as its parent. A model that failed makes it `failed`.

    Raises:
        MediaError: the clip is missing, or is another one.
        InputError: the settings can't be used.
    """
    began = time.time()
    settings = await asyncio.to_thread(wish.settings, run)
    clip = await asyncio.to_thread(located, run.clip, clips)
    anew = _Anew(run, clip, settings, summarizes_again(wish, run, settings))
    iterations: list[Iteration] = []
    for iteration in run.iterations:
        iterations.append(await _judged(anew, iteration))
        if anew.failure:
            break
    return await asyncio.to_thread(_record, anew, wish, iterations, began)


async def _judged(anew: _Anew, old: Iteration) -> Iteration:
    """A pass with its new verdict; one without steps or without a caption stays as it is."""
    replaced = {"summarizer", "critic"} if anew.summarizes else {"critic"}
    kept = [call for call in old.calls if call.role not in replaced]
    new = old.model_copy(update={"verdict": None, "calls": kept}, deep=True)
    if new.reasoning is None or new.reasoning.cannot_answer:
        return new
    if anew.summarizes and not await _summarized(anew, new, new.reasoning):
        return new
    if not new.caption:
        return new
    judged = await judge(
        anew.clip,
        new.caption,
        anew.run.question,
        context=anew.settings.context,
        template=anew.template("evaluator"),
        repair=anew.template("repair"),
        draw=_draw(anew.settings.context, new),
        sentences=new.caption_sources,
    )
    new.verdict = judged.verdict
    new.calls += anew.note(judged.asked)
    if judged.asked.failed:
        anew.failure = judged.asked.problem
    return new


async def _summarized(anew: _Anew, new: Iteration, reasoning: Reasoning) -> bool:
    """Write the caption of a pass anew; False where there is none."""
    context = anew.settings.context
    request = summarizer_request(
        context,
        anew.template("summarizer"),
        anew.run.question,
        reasoning,
        _draw(context, new),
    )
    asked = await ask(request, anew.template("repair"))
    new.calls += anew.note(asked)
    new.caption, new.caption_sources = "", []
    if asked.reply is None:
        anew.failure = f"The summarizer gave no caption: {asked.problem}"
        return False
    new.caption_sources = caption_sentences(cast(CaptionReply, asked.reply), reasoning)
    new.caption = " ".join(sentence.text for sentence in new.caption_sources)
    return True


def _draw(context: Context, iteration: Iteration) -> Draw:
    return Draw(seed=context.seed, iteration=iteration.index)


def _record(anew: _Anew, wish: Wish, iterations: list[Iteration], began: float) -> Trajectory:
    run, context = anew.run, anew.settings.context
    best, reason, detail = _ended(anew, iterations)
    kept = next((i for i in iterations if best and i.index == best.index), None)
    reasoned = [i for i in iterations if i.reasoning]
    answering = kept or (reasoned[-1] if reasoned else None)
    reasoning = answering.reasoning if answering else None
    shown = kept.reasoning if kept else None
    calls = [call for i in iterations for call in i.calls]
    texts = {**run.texts, **anew.texts}
    used = {name for call in calls for name in _texts_of(call)}
    replaced = ("evaluator", "summarizer") if anew.summarizes else ("evaluator",)
    return Trajectory(
        id=uuid.uuid4().hex[:12],
        parent=Parent(id=run.id, iteration=0, changed=wish.given),
        code_version=metadata.version("aurelia"),
        sample=run.sample,
        clip=anew.clip,
        question=run.question,
        options=run.options,
        media={**run.media, **given_media(context, anew.clip)},
        context=context.model_dump(mode="json") | {"r_star_form": context.r_star},
        iterations=iterations,
        best=best,
        stop_reason=reason,
        stop_detail=detail,
        actor_answer=reasoning.answer if reasoning else "",
        leaks=find_leaks(shown.steps, shown.answer, run.options) if shown else [],
        templates={
            **{
                key: template
                for key, template in run.templates.items()
                if template.name.partition(".")[0] not in replaced
            },
            **anew.templates,
        },
        texts={name: text for name, text in texts.items() if name in used},
        warnings=_warnings(anew, iterations),
        totals=totals_of(
            anew.calls,
            seconds=round(max(0.0, time.time() - began), 3),
            accepted_at=accepted_at(iterations, context.threshold),
        ),
        replayable_to=_replayable_to(run, iterations),
    )


def _ended(anew: _Anew, iterations: Sequence[Iteration]) -> tuple[Best | None, StopReason, str]:
    run, context = anew.run, anew.settings.context
    best, reason = conclude(iterations, threshold=context.threshold, keep_best=context.keep_best)
    if anew.failure:
        return best, "failed", anew.failure
    if reason == "accepted":
        return best, reason, best.why if best else ""
    if run.stop_reason in ("cannot_answer", "failed", "budget", "rejected"):
        declined = run.stop_reason == "cannot_answer"
        return None if declined else best, run.stop_reason, run.stop_detail
    if len(iterations) < int(context.max_iterations):
        return (
            best,
            "exhausted",
            f"the log ends with pass {len(iterations)}, which the first critic accepted; what "
            "would have come next is not known",
        )
    return best, reason, best.why if best else "no pass reached the threshold"


def _replayable_to(run: Trajectory, iterations: Sequence[Iteration]) -> float:
    """A log that the first critic ended goes no further than its own best score."""
    if run.replayable_to >= 10.0:
        return 10.0
    return max((i.score for i in iterations if i.score is not None), default=0.0)


def _texts_of(call: Call) -> list[str]:
    parts = [part.text for message in call.messages for part in message.parts if part.text]
    return [call.raw, *call.variables.values(), *parts]


def _warnings(anew: _Anew, iterations: Sequence[Iteration]) -> list[str]:
    run = anew.run
    before = {**run.context, "panel": run.context.get("panel", [])}
    first = [str(before.get("critic", "")), *before["panel"]]
    old = set(family_warnings(_as_before(anew.settings.context, first, str(before.get("actor")))))
    kept = [text for text in run.warnings if text not in old]
    said = [
        f"Captions of run {run.id} judged anew by {', '.join(critic_models(anew.settings.context))}"
        f" in the place of {', '.join(first)}; the actor's steps are that run's."
    ]
    if len(iterations) > 1:
        said.append(
            "Passes 2 and later were answers to the first critic's feedback, which was not asked "
            "for again; complaints that steps address are the first critic's."
        )
    if run.targets:
        said.append("Targets' answers of that run are left out: other steps may be accepted here.")
    return [*kept, *said, *family_warnings(anew.settings.context)]


def _as_before(context: Context, critics: list[str], actor: str) -> Context:
    return context.model_copy(update={"critic": critics[0], "panel": critics[1:], "actor": actor})
