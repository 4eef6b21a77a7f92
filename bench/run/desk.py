"""The `World` of one decision: does what a condition asks for, and keeps account of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from aurelia.bench.run.condition import NO_CLIP, OWN_CLIP, Ask, Item
from aurelia.bench.run.hall import Hall
from aurelia.bench.run.reply import Reply, Spent
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.spent import spent_by
from aurelia.bench.sample import Sample
from aurelia.graph.context import Context
from aurelia.models.call import CallFailed, call
from aurelia.models.request import Draw, ModelReply, ModelRequest
from aurelia.nodes.answering import Question, ask_target
from aurelia.prompts.loader import PromptSet
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer
from aurelia.types.trajectory import Call, Trajectory


class Desk:
    """What one condition has at hand about one item.

    Args:
        hall: what is shared.
        item: what is decided on.
        reply_of: gives the reply of another condition to the same item.

    Attributes:
        before: calls made through it, failed ones included.
    """

    def __init__(self, hall: Hall, item: Item, reply_of: Callable[[str], Awaitable[Reply]]) -> None:
        self.before: list[Call] = []
        self._hall, self._item, self._reply_of = hall, item, reply_of
        self._elsewhere: list[Call] = []
        self._context = hall.context.model_copy(update={"target": item.target})

    @property
    def context(self) -> Context:
        """As `World.context`."""
        return self._context

    @property
    def prompts(self) -> PromptSet:
        """As `World.prompts`."""
        return self._hall.prompts

    @property
    def settings(self) -> RunSettings:
        """As `World.settings`."""
        return self._hall.settings

    @property
    def samples(self) -> Mapping[str, Sample]:
        """As `World.samples`."""
        return self._hall.samples

    def peers(self, sample: Sample, *, other_answer: bool = True) -> Sequence[Sample]:
        """As `World.peers`."""
        return self._hall.peers(sample, other_answer=other_answer)

    async def rollout(self, sample_id: str, repeat: int | None = None) -> Trajectory | None:
        """As `World.rollout`."""
        return await self._hall.rollout(sample_id, self._item.repeat if repeat is None else repeat)

    async def clip(self, sample: Sample, name: str = OWN_CLIP) -> Clip:
        """As `World.clip`."""
        if name == OWN_CLIP:
            return await self._hall.clip(sample)
        from aurelia.bench.probes.clips import probe_clip

        return await probe_clip(name, sample, self)

    async def call(self, request: ModelRequest) -> ModelReply:
        """As `World.call`."""
        try:
            reply = await call(request)
        except CallFailed as failure:
            self.before.append(failure.call)
            raise
        self.before.append(reply.call)
        return reply

    async def ask(self, ask: Ask) -> ModelReply:
        """As `World.ask`."""
        return (await self.put(ask, 0, self.before))[1]

    async def reply(self, condition: str) -> Reply:
        """As `World.reply`."""
        return await self._reply_of(condition)

    def made(self, calls: Iterable[Call]) -> None:
        """As `World.made`."""
        self.before += calls

    def spend(self, calls: Iterable[Call]) -> None:
        """As `World.spend`."""
        self._elsewhere += calls

    async def put(self, ask: Ask, number: int, record: list[Call]) -> tuple[Answer, ModelReply]:
        """Put a question once; the answer says what of r* was sent.

        Args:
            ask: what is asked.
            number: of the draw, from 0.
            record: where the call is kept, failed or not.

        Raises:
            CallFailed: the model could not be asked, or failed.
            MediaError: there is no such clip.
        """
        sample = self._item.sample
        clip = None if ask.clip == NO_CLIP else await self.clip(sample, ask.clip)
        question = Question(
            clip, sample.asked, sample.options if ask.options else None, sample.task
        )
        try:
            answer, reply = await ask_target(
                question,
                target=ask.model or self._item.target,
                context=self._context,
                prompts=self.prompts,
                r_star=ask.r_star or None,
                form=ask.form,
                draw=Draw(seed=self._context.seed, repeat=self._item.repeat, attempt=number),
                template=ask.prompt,
            )
        except CallFailed as failure:
            record.append(failure.call)
            raise
        record.append(reply.call)
        return answer, reply

    async def sums(self, calls: Sequence[Call]) -> tuple[Spent, Spent]:
        """What `calls` and `before` took, and what was spent elsewhere."""
        return await asyncio.to_thread(
            lambda: (spent_by([*calls, *self.before]), spent_by(self._elsewhere))
        )
