"""Judgements of open answers, each kept by what was judged, so that nobody is asked twice."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field

from aurelia.bench.journal import Journal
from aurelia.bench.lines import Lines
from aurelia.bench.run.prompts import keep_prompts
from aurelia.bench.sample import Sample
from aurelia.bench.scorers.judge import check_judge, judge_reply, judge_template
from aurelia.bench.scorers.scored import Scored, failed, unparsed
from aurelia.graph.context import Context
from aurelia.models.faults import redact
from aurelia.nodes.budget import call_limits
from aurelia.prompts.loader import PromptSet
from aurelia.types.hashing import json_hash
from aurelia.types.reasoning import Record

JUDGEMENTS = "judgements.jsonl"
_KEY = ("key",)


class KeptJudgement(Record):
    """A line of `judgements.jsonl`."""

    key: str = Field(description="Hash of judge, prompt, question, ground truths and reply.")
    question: str
    ground_truth: list[str]
    raw: str = Field(description="The target's reply.")
    scored: Scored = Field(description="With the judge's model, prompt and raw reply.")


@dataclass(frozen=True, slots=True)
class Judge:
    """Who judges, by which prompts (`name@hash` by task)."""

    model: str
    prompts: Mapping[str, str]

    def key(self, sample: Sample, raw: str) -> str:
        """Under which a judgement of a reply is kept. No target, no condition, no sample id: equal
        answers to equal questions are one."""
        prompt = self.prompts.get(sample.task, "")
        return json_hash([self.model, prompt, sample.asked, sample.ground_truth, raw])


@dataclass(frozen=True, slots=True)
class KeptScorer:
    """Scores open answers by judgements that are kept; it asks nobody."""

    judge: Judge
    lines: Lines | None

    @property
    def by(self) -> str:
        """Who compared, in words."""
        return f"the judge {self.judge.model}"

    def __call__(self, sample: Sample, raw: str, problem: str) -> Scored:
        """What is kept; else failed, in a sentence."""
        if problem:
            return unparsed(sample.id, problem)
        held = self.lines.read((self.judge.key(sample, raw),)) if self.lines else None
        if held is None:
            why = f"no judgement by {self.judge.model} is kept; give --judge to have it judged"
            return failed(sample.id, why)
        scored = KeptJudgement.model_validate(held).scored
        return scored.model_copy(update={"sample_id": sample.id})


def kept_judgements(folder: Path, judge: Judge) -> KeptScorer:
    """A scorer by the judgements of a folder."""
    path = folder / JUDGEMENTS
    return KeptScorer(judge, Lines(path, _KEY) if path.exists() else None)


async def judge_all(
    folder: Path,
    replies: Sequence[tuple[Sample, str]],
    model: str,
    *,
    context: Context,
    prompts: PromptSet,
    at_once: int,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Judge:
    """Have replies judged where no judgement is kept, or the judge failed; each is written down.

    Args:
        folder: of the run.
        replies: with their samples; those that can't be accepted are none of them.
        model: the judge's model string.
        context: limits and cache of its calls.
        prompts: a set whose `answer_judge` asks for a score.
        at_once: calls at a time.
        on_progress: told how many of how many are done.

    Raises:
        ConfigurationError: the model string names no model, or one that can't judge.
        PromptError: the prompt asks for something else than a score.
    """
    await asyncio.to_thread(check_judge, model)
    templates = {s.task: judge_template(prompts, s.task) for s, _ in replies}
    judge = Judge(redact(model), {task: t.identity for task, t in sorted(templates.items())})
    await asyncio.to_thread(keep_prompts, folder, templates.values())
    with await asyncio.to_thread(Journal, folder / JUDGEMENTS, _KEY) as journal:
        wanted = {judge.key(sample, raw): (sample, raw) for sample, raw in replies}
        open_ones = iter([entry for entry in wanted.items() if not _settled(journal, entry[0])])
        done = sum(_settled(journal, key) for key in wanted)
        on_progress(done, len(wanted))

        async def worker(entries: Iterator[tuple[str, tuple[Sample, str]]]) -> None:
            nonlocal done
            for key, (sample, raw) in entries:
                scored = await judge_reply(
                    sample,
                    raw,
                    model=model,
                    prompts=prompts,
                    limits=call_limits(context),
                    use_cache=context.use_cache,
                )
                kept = KeptJudgement(
                    key=key,
                    question=sample.asked,
                    ground_truth=sample.ground_truth,
                    raw=raw,
                    scored=scored,
                )
                again = (key,) in journal
                await asyncio.to_thread(partial(journal.append, kept, again=again))
                done += 1
                on_progress(done, len(wanted))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(worker(open_ones))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
    return judge


def _settled(journal: Journal, key: str) -> bool:
    held: dict[str, Any] | None = journal.read((key,))
    return held is not None and held["scored"]["outcome"] != "failed"
