"""Scored replies as a file: one JSON object a line, whoever wrote it."""

from pathlib import Path

from pydantic import Field, ValidationError

from aurelia.bench.sample import Sample
from aurelia.bench.scorers.scored import Outcome, Scored
from aurelia.errors import InputError
from aurelia.evaluators.reading import read_free
from aurelia.types.reasoning import Record


class Result(Record):
    """One reply of a target under one condition, scored.

    A caption carries its text and the references instead of a finished score: its metrics belong to
    a set, and are computed where the set is known.
    """

    target: str = Field(min_length=1, description="The model string, or a name for it.")
    column: str = Field(min_length=1, description="The task, e.g. `music_avqa`.")
    condition: str = Field(min_length=1, description="E.g. `zero_shot`, `distilled`.")
    sample_id: str = Field(min_length=1)
    video: str = Field(min_length=1, description="What groups the samples of one video.")
    repeat: int = Field(default=0, ge=0, description="Which of several runs of the same sample.")
    category: str = Field(default="", description="One of the seventeen, if known.")
    metric: str = Field(default="accuracy", description="What `score` is.")
    score: float = Field(default=0.0, allow_inf_nan=False, description="0 to 1.")
    outcome: Outcome
    caption: str | None = Field(default=None, description="Of a caption: its text, empty if none.")
    references: list[str] = Field(default=[], description="Of a caption: what it is compared with.")
    how: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What may stand in a file once."""
        return self.target, self.column, self.condition, self.sample_id, self.repeat


def result_of(
    sample: Sample, scored: Scored, *, target: str, condition: str, repeat: int = 0
) -> Result:
    """A scored reply as a line of the file."""
    return Result(
        target=target,
        column=sample.task,
        condition=condition,
        sample_id=sample.id,
        video=sample.video,
        repeat=repeat,
        category=sample.category,
        metric=scored.metric,
        score=scored.score,
        outcome=scored.outcome,
        how=scored.how,
    )


def caption_result(
    sample: Sample,
    raw: str | None,
    problem: str = "",
    *,
    target: str,
    condition: str,
    repeat: int = 0,
) -> Result:
    """A caption as a line of the file; its metrics are computed with the table.

    Args:
        sample: one that wants a caption, with its references as ground truths.
        raw: the reply as received; None: the sample failed.
        problem: why a reply is not to be accepted, or why there is none.
    """
    reading = None if raw is None or problem else read_free(raw)
    text = (reading.value or "") if reading else ""
    outcome: Outcome = "failed" if raw is None else "graded" if text else "unparsed"
    return Result(
        target=target,
        column=sample.task,
        condition=condition,
        sample_id=sample.id,
        video=sample.video,
        repeat=repeat,
        category=sample.category,
        outcome=outcome,
        caption=text,
        references=sample.ground_truth,
        how=problem or (reading.how if reading else "there is no reply"),
    )


def read_results(path: Path) -> list[Result]:
    """Read scored replies; one bad line stops it, for a table without it would be another table.

    Raises:
        InputError: the file can't be read or is empty, a line is no result, or a reply stands there
            twice; names the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8 text; give a JSONL file of results.") from None
    results, seen = [], dict[tuple[str, str, str, str, int], int]()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        result = _result(line, f"{path}, line {number}")
        if result.key in seen:
            raise InputError(
                f"{path}, line {number}: {result.target}, {result.column}, {result.condition}, "
                f"{result.sample_id}, repeat {result.repeat} stands in line {seen[result.key]} "
                "already; a reply counts once."
            )
        seen[result.key] = number
        results.append(result)
    if not results:
        raise InputError(f"{path} holds no result.")
    return results


def _result(line: str, where: str) -> Result:
    try:
        result = Result.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise InputError(f"{where}: {field}: {first['msg'].rstrip('.').lower()}.") from None
    if result.caption is not None and not result.references:
        raise InputError(f"{where}: a caption without references can't be scored.")
    if result.caption is None and result.metric == "accuracy" and not 0 <= result.score <= 1:
        raise InputError(f"{where}: the score is {result.score:g}; an accuracy is 0 to 1.")
    if result.score and result.outcome in ("unparsed", "failed", "wrong"):
        raise InputError(
            f"{where}: the outcome is {result.outcome!r} with a score of {result.score:g}; what is "
            "wrong or was not read counts 0."
        )
    return result
