"""A set of captions against their references: CIDEr-D, BLEU-4 and ROUGE-L."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from aurelia.bench.sample import Sample
from aurelia.bench.scorers.scored import Outcome, Scored
from aurelia.errors import InputError
from aurelia.evaluators.bleu import bleu_4, bleu_parts
from aurelia.evaluators.cider import CiderD
from aurelia.evaluators.reading import read_free
from aurelia.evaluators.rouge import rouge_l
from aurelia.types.reasoning import Record

FREQUENCY_NOTE = (
    "CIDEr-D weighs words by how many of these {clips} clips have them in a reference: it compares "
    "conditions on this set, and not with a figure of another set or of a part of it. Words are "
    "split by AURELIA's own tokeniser, not by the Java one that published figures use."
)
CAPTION_METRICS = ("cider_d", "bleu_4", "rouge_l")


class CaptionScores(Record):
    """The captions of one condition. A missing or unreadable one counts as an empty caption."""

    n: int
    cider_d: float = Field(description="0 to 10; published figures are often this times 100.")
    bleu_4: float = Field(description="0 to 1, over the whole set: no mean of single captions.")
    rouge_l: float = Field(description="0 to 1.")
    unparsed: int
    failed: int
    note: str = Field(description="What these figures can't be compared with.")
    scored: list[Scored] = Field(description="CIDEr-D of each caption.")


@dataclass(frozen=True, slots=True)
class CaptionParts:
    """What each caption adds to its set's metrics: one row a caption.

    Attributes:
        cider: shape (n,).
        bleu: shape (n, `aurelia.evaluators.bleu.PARTS`), to be summed.
        rouge: shape (n,).
    """

    cider: NDArray[np.float64]
    bleu: NDArray[np.float64]
    rouge: NDArray[np.float64]


def caption_parts(captions: Sequence[str], references: Sequence[Sequence[str]]) -> CaptionParts:
    """Measure each caption within the set.

    Args:
        captions: an empty one scores 0 and stays in.
        references: of each clip, in the same order; the document frequency comes from all of them.

    Raises:
        ValueError: a clip has no reference, there is none at all, or lengths differ.
    """
    if len(captions) != len(references):
        raise ValueError(f"{len(captions)} captions and {len(references)} clips do not match.")
    cider = CiderD(references)
    pairs = list(zip(captions, references, strict=True))
    return CaptionParts(
        cider=np.array([cider.score(n, text) for n, text in enumerate(captions)]),
        bleu=np.array([bleu_parts(text, there) for text, there in pairs]),
        rouge=np.array([rouge_l(text, there) for text, there in pairs]),
    )


def score_captions(
    samples: Sequence[Sample],
    replies: Mapping[str, str | None],
    problems: Mapping[str, str] | None = None,
) -> CaptionScores:
    """Score the captions of one condition.

    Args:
        samples: all samples of the set, whether or not there is a reply; their references make the
            document frequency, so give every condition the same ones.
        replies: by sample id; missing or None: the sample failed.
        problems: by sample id, why a reply is not to be accepted.

    Raises:
        InputError: no samples, or one that wants no caption.
    """
    other = next((s for s in samples if s.answer_type != "caption"), None)
    if other or not samples:
        what = f"Sample {other.id!r} wants no caption" if other else "There are no samples"
        raise InputError(f"{what}; give the samples of type `caption`.")
    texts, outcomes = [], list[tuple[Outcome, str]]()
    for sample in samples:
        raw, problem = replies.get(sample.id), (problems or {}).get(sample.id, "")
        reading = None if raw is None or problem else read_free(raw)
        texts.append((reading.value or "") if reading else "")
        if raw is None:
            outcomes.append(("failed", problem or "there is no reply"))
        elif reading is None or reading.value is None:
            outcomes.append(("unparsed", problem or "the reply holds no words"))
        else:
            outcomes.append(("graded", f"CIDEr-D among {len(samples)} clips"))
    parts = caption_parts(texts, [sample.ground_truth for sample in samples])
    return CaptionScores(
        n=len(samples),
        cider_d=float(parts.cider.mean()),
        bleu_4=float(bleu_4(parts.bleu.sum(axis=0))),
        rouge_l=float(parts.rouge.mean()),
        unparsed=sum(outcome == "unparsed" for outcome, _ in outcomes),
        failed=sum(outcome == "failed" for outcome, _ in outcomes),
        note=FREQUENCY_NOTE.format(clips=len(samples)),
        scored=[
            Scored(
                sample_id=sample.id,
                score=float(score),
                outcome=outcome,
                how=how,
                metric="cider_d",
                answer=text,
            )
            for sample, score, (outcome, how), text in zip(
                samples, parts.cider, outcomes, texts, strict=True
            )
        ],
    )
