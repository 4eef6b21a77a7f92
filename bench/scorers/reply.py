"""One reply against its sample's ground truth, without asking any model.

The score follows from reply and sample alone: nothing here is told which target or mode replied.
"""

from collections.abc import Callable

from aurelia.bench.facts import score_caption
from aurelia.bench.sample import Sample
from aurelia.bench.scorers.scored import Scored, marked, unparsed
from aurelia.errors import InputError
from aurelia.evaluators.answers import parse_answer
from aurelia.evaluators.normal import denies, holds, normalise
from aurelia.evaluators.reading import (
    HEDGE,
    Reading,
    read_free,
    read_text,
    read_yes_no,
    wordings,
    yes_or_no,
)
from aurelia.evaluators.vocabulary import vocabulary_of


def score_reply(sample: Sample, raw: str, problem: str = "") -> Scored:
    """Score a reply as received.

    Args:
        sample: with its ground truth.
        raw: the reply; thinking blocks are left out here.
        problem: why the reply is not to be accepted though it may look like an answer (cut off,
            refused: `aurelia.models.finish.finish_problem`); empty otherwise.

    Raises:
        InputError: a caption without facts; captions of a set are scored together.
    """
    if problem:
        return unparsed(sample.id, problem, _metric(sample))
    match sample.answer_type:
        case "option":
            return _option(sample, raw)
        case "yes_no":
            return _yes_no(sample, raw)
        case "short":
            return _short(sample, raw)
        case "open":
            return match_open(sample, raw)
        case "caption":
            return _facts(sample, raw)


def match_open(sample: Sample, raw: str) -> Scored:
    """An open answer by its words: it equals a ground truth, or holds one whole and undecided or
    denied nowhere. Strict; a judge understands more."""
    reading = read_free(raw)
    if reading.value is None:
        return unparsed(sample.id, reading.how)
    said = normalise(reading.value)
    truths = [normalise(truth) for truth in sample.ground_truth]
    how = f"string match of {reading.how}"
    if any(form == truth for form in wordings(reading.value) for truth in truths):
        return marked(sample.id, True, how, reading.value)
    decided = not HEDGE.search(reading.value)
    right = decided and any(_stated(said, truth) for truth in truths)
    return marked(sample.id, right, how, reading.value)


def _option(sample: Sample, raw: str) -> Scored:
    options = sample.options or {}
    parsed = parse_answer(raw, options)
    if parsed.option is None:
        why = "no explicit answer that is one of the options" if raw.strip() else "an empty reply"
        return unparsed(sample.id, why)
    right = parsed.option in sample.ground_truth
    return marked(sample.id, right, "the option that was chosen", parsed.option)


def _yes_no(sample: Sample, raw: str) -> Scored:
    truths = {yes_or_no(truth) for truth in sample.ground_truth}
    return _compared(sample, read_yes_no(raw), lambda value: value in truths)


def _short(sample: Sample, raw: str) -> Scored:
    vocabulary = vocabulary_of(sample.dataset)
    if vocabulary and (kind := vocabulary.kind_of(sample.ground_truth[0])):
        return _compared(
            sample,
            vocabulary.read(raw, kind),
            lambda value: any(vocabulary.same(value, truth) for truth in sample.ground_truth),
        )
    truths = {normalise(truth) for truth in sample.ground_truth}
    if truths <= {"yes", "no"}:
        return _compared(sample, read_yes_no(raw), lambda value: value in truths)
    return _compared(sample, read_text(raw), lambda value: not truths.isdisjoint(wordings(value)))


def _compared(sample: Sample, reading: Reading, right: Callable[[str], bool]) -> Scored:
    if reading.value is None:
        return unparsed(sample.id, reading.how)
    return marked(sample.id, right(reading.value), reading.how, reading.value)


def _facts(sample: Sample, raw: str) -> Scored:
    if not sample.true_facts:
        raise InputError(
            f"Sample {sample.id!r} wants a caption and lists no facts: captions are scored as a "
            "set, by aurelia.bench.scorers.captions.score_captions."
        )
    reading = read_free(raw)
    if reading.value is None:
        return unparsed(sample.id, reading.how, _metric(sample))
    return Scored(
        sample_id=sample.id,
        score=score_caption(reading.value, sample.true_facts).f1,
        outcome="graded",
        how="F1 over the sample's facts",
        metric=_metric(sample),
        answer=reading.value,
    )


def _stated(said: str, truth: str) -> bool:
    """Whether an answer states a ground truth and denies nothing."""
    rest = f" {said} ".replace(f" {truth} ", " ")
    return truth not in ("yes", "no") and holds(said, truth) and not denies(rest)


def _metric(sample: Sample) -> str:
    if sample.answer_type != "caption":
        return "accuracy"
    return "fact_f1" if sample.true_facts else "cider_d"
