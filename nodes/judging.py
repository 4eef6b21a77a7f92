"""Ask a critic about a caption: what the evaluator node and `aurelia.critique` share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from aurelia.evaluators.verdict import build_verdict, check_score
from aurelia.graph.context import Context
from aurelia.models.adapters.build import received
from aurelia.models.ask import Asked, ask
from aurelia.models.registry import resolve_model
from aurelia.models.request import Draw, ModelRequest
from aurelia.nodes.turn import media_for
from aurelia.prompts.template import Template
from aurelia.types.clip import Clip
from aurelia.types.reasoning import CaptionSentence, Unscored, Verdict
from aurelia.types.replies import ScoreReply, VerdictReply


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, or why there is none, and the record of the calls."""

    verdict: Verdict | Unscored
    asked: Asked


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
) -> Judged:
    """Score `caption` against `clip`. The critic sees the question only where its prompt does."""
    sees_question = "question" in template.variables
    inputs = {"caption": caption, "question": question if sees_question else None}
    request = ModelRequest(
        role="critic",
        model=context.critic,
        template=template,
        variables={
            "caption": caption,
            "evidence": "",
            **({"question": question or ""} if sees_question else {}),
        },
        inputs=inputs,
        clip=clip,
        media=await media_for(context.critic, clip, context),
        sampling=context.sampling("critic"),
        draw=draw,
        use_cache=context.use_cache,
    )
    asked = await ask(request, repair, check=check_score)
    if asked.reply is None:
        return Judged(Unscored(reason=asked.problem, raw=asked.raw), asked)
    verdict = build_verdict(
        cast(VerdictReply | ScoreReply, asked.reply),
        index=draw.iteration or 1,
        sentences=sentences or [CaptionSentence(text=caption)],
        received=received(request, resolve_model(context.critic)),
    )
    return Judged(verdict, asked)
