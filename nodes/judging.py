"""Ask one critic or several about a caption: what the evaluator and `aurelia.critique` share."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from aurelia.evaluators.grounding import MEASURING, ground
from aurelia.evaluators.panel import combine
from aurelia.evaluators.verdict import build_verdict, check_score
from aurelia.graph.context import Context
from aurelia.models.adapters.build import received
from aurelia.models.ask import Asked, ask
from aurelia.models.family import same_family
from aurelia.models.faults import redact
from aurelia.models.grounded import bare
from aurelia.models.registry import GROUNDED, find_model
from aurelia.models.request import Draw, ModelRequest
from aurelia.nodes.budget import call_limits
from aurelia.nodes.evidence import told
from aurelia.nodes.turn import delivery_for, media_for
from aurelia.prompts.template import Template
from aurelia.types.clip import Clip
from aurelia.types.reasoning import CaptionSentence, Member, Modality, Unscored, Verdict
from aurelia.types.replies import ScoreReply, VerdictReply
from aurelia.types.trajectory import Call

Stop = Callable[[Sequence[Call]], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, or why there is none, and the record of the calls."""

    verdict: Verdict | Unscored
    asked: Asked


@dataclass(frozen=True, slots=True)
class Case:
    """What every critic is asked about, and how.

    Attributes:
        question: None where no question is known.
        sentences: of the caption, so that claims find the steps behind them.
        stop: says which budget is spent; then nothing more is asked.
        made: calls of each member so far, by its number: they share the budget.
    """

    clip: Clip
    caption: str
    question: str | None
    context: Context
    template: Template
    repair: Template
    draw: Draw
    sentences: Sequence[CaptionSentence]
    stop: Stop
    made: dict[int, Sequence[Call]] = field(default_factory=dict)

    def spent(self, number: int, calls: Sequence[Call]) -> str:
        """Which budget is spent, now that a member has made these calls."""
        self.made[number] = calls
        return self.stop([call for each in self.made.values() for call in each])

    @property
    def index(self) -> int:
        """Iteration, from which claims and complaints get their ids."""
        return self.draw.iteration or 1


def _go_on(calls: Sequence[Call]) -> str:
    return ""


async def judge(
    clip: Clip,
    caption: str,
    question: str | None,
    *,
    context: Context,
    template: Template,
    repair: Template,
    draw: Draw,
    sentences: Sequence[CaptionSentence] = (),
    stop: Stop = _go_on,
) -> Judged:
    """Score `caption` against `clip` by the critic, and by the whole panel where there is one.

    A critic sees the question only where its prompt does. A member of a panel that fails, or
    gives no score, is noted and doesn't count; a single critic that fails has `asked.failed`.

    Raises:
        ConfigurationError: a critic's string names no model.
    """
    names = [context.critic, *context.panel]
    for name in names:  # before anything is asked, and paid
        await find_model(bare(name))
    spoken = sentences or [CaptionSentence(text=caption)]
    case = Case(clip, caption, question, context, template, repair, draw, spoken, stop)
    if len(names) == 1:
        return await _ask(case, names[0], 0)
    said = await asyncio.gather(*(_ask(case, name, n) for n, name in enumerate(names)))
    members = [
        Member(critic=redact(name), verdict=judged.verdict)
        for name, judged in zip(names, said, strict=True)
    ]
    verdict = combine(members, case.index)
    return Judged(verdict, _together([judged.asked for judged in said], verdict))


def critic_models(context: Context) -> list[str]:
    """Every model that is asked for a verdict, each once; a grounded critic is two.

    Raises:
        ConfigurationError: a critic is wrapped twice.
    """
    names = [context.critic, *context.panel]
    grounded = [MEASURING] if any(name.startswith(GROUNDED) for name in names) else []
    return list(dict.fromkeys([*(bare(name) for name in names), *grounded]))


def family_warnings(context: Context) -> list[str]:
    """Critics of the actor's own family, each in a sentence."""
    return [
        f"The actor {redact(context.actor)} and the critic {redact(name)} are of one family "
        f"({shared}); models tend to prefer what their own family writes."
        for name in dict.fromkeys([context.critic, *context.panel])
        if (shared := same_family(context.actor, name))
    ]


async def _ask(case: Case, name: str, number: int) -> Judged:
    """The verdict of one critic: 0 is the main one, all others are members of the panel."""
    request, measured = await _request(case, bare(name), number)
    asked = await ask(
        request, case.repair, check=check_score, stop=lambda calls: case.spent(number, calls)
    )
    case.made[number] = asked.calls
    if asked.reply is None:
        why = f"{asked.problem}; not asked again: {asked.stopped}" if asked.stopped else ""
        return Judged(Unscored(reason=why or asked.problem, raw=asked.raw), asked)
    model = await find_model(request.model)
    verdict = build_verdict(
        cast(VerdictReply | ScoreReply, asked.reply),
        index=case.index,
        sentences=case.sentences,
        received=received(request, model),
        measured=measured,
    )
    if name.startswith(GROUNDED):
        return await _grounded(case, request, verdict, asked)
    return Judged(verdict, asked)


async def _request(case: Case, model: str, number: int) -> tuple[ModelRequest, set[Modality]]:
    """The request, and the senses about which it brings measured sentences."""
    context, placed = case.context, case.template.variables
    evidence = await told(model, case.clip, context, "critic", number)
    # A prompt without a place for them does not bring them.
    measured = set(evidence.senses) if "evidence" in placed else set()
    variables = {"caption": case.caption, "evidence": evidence.text if measured else ""}
    sees_question = "question" in placed
    if sees_question:
        variables["question"] = case.question or ""
    request = ModelRequest(
        role="critic",
        model=model,
        template=case.template,
        variables=variables,
        inputs={"caption": case.caption, "question": case.question if sees_question else None},
        clip=case.clip,
        media=await media_for(model, case.clip, context),
        sampling=context.sampling("critic"),
        draw=replace(case.draw, repeat=case.draw.repeat + number),
        purpose="panel" if number else "main",
        use_cache=context.use_cache,
        delivery=delivery_for(model, context),
        limits=call_limits(context),
    )
    return request, measured


async def _grounded(case: Case, request: ModelRequest, verdict: Verdict, asked: Asked) -> Judged:
    """The same caption once more, by measurement, which bounds the score."""
    measuring = replace(
        request,
        model=MEASURING,
        # A prompt set that asks for a score alone would lose the claims.
        template=replace(request.template, output="verdict"),
        media=None,
        sampling={},
    )
    again = await ask(measuring, case.repair, check=check_score)
    measured: Verdict | Unscored = Unscored(reason=again.problem, raw=again.raw)
    if again.reply is not None:
        measured = build_verdict(
            cast(VerdictReply, again.reply),
            index=case.index,
            sentences=case.sentences,
            received={"visual", "audio"},
        )
    return Judged(ground(verdict, measured), _together([asked, again], None))


def _together(several: Sequence[Asked], verdict: Verdict | Unscored | None) -> Asked:
    """The calls of several critics as one record; failed where nobody's model could be asked."""
    merged = Asked(
        problem=verdict.reason if isinstance(verdict, Unscored) else "",
        failed=all(asked.failed for asked in several),
        stopped=next((asked.stopped for asked in several if asked.stopped), ""),
    )
    for asked in several:
        merged.templates += asked.templates
        merged.calls += asked.calls
        merged.texts |= asked.texts
    return merged
