"""Which of several replies to one question counts: the most frequent answer."""

from collections import Counter
from collections.abc import Sequence

from aurelia.bench.run.reply import Said
from aurelia.bench.sample import Sample
from aurelia.bench.scorers.reply import score_reply
from aurelia.evaluators.normal import normalise
from aurelia.evaluators.reading import read_free
from aurelia.evaluators.rouge import rouge_l


def elected(sample: Sample, said: Sequence[Said]) -> Said:
    """The first reply with the most frequent answer; unreadable ones have no vote.

    Free descriptions never agree word for word: of captions it is the one that is most like the
    others (by ROUGE-L). Ties go to the earlier reply. Whether an answer is right plays no part.

    Args:
        sample: what was asked.
        said: one reply at least.
    """
    if len(said) == 1:
        return said[0]
    if sample.answer_type == "caption":
        return _most_alike(said)
    answers = [_answer(sample, one) for one in said]
    counts = Counter(answer for answer in answers if answer)
    if not counts:
        return said[0]
    most = max(counts.values())
    return next(one for one, a in zip(said, answers, strict=True) if a and counts[a] == most)


def _answer(sample: Sample, one: Said) -> str:
    """What a reply answers in a form that can be compared; empty: it can't be read."""
    scored = score_reply(sample, one.raw, one.problem)
    return "" if scored.outcome == "unparsed" else normalise(scored.answer) or scored.answer


def _most_alike(said: Sequence[Said]) -> Said:
    texts = ["" if one.problem else read_free(one.raw).value or "" for one in said]
    alike = [
        sum(rouge_l(text, [other]) for n, other in enumerate(texts) if n != place and other)
        if text
        else -1.0
        for place, text in enumerate(texts)
    ]
    return said[alike.index(max(alike))]
