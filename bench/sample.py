"""`Sample`: one benchmark item, and the JSONL file that holds many."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from aurelia.errors import InputError
from aurelia.types.reasoning import Modality, Record

SCHEMA_VERSION = 2
"""2 added data set, dialogue, provenance and reference reasoning; files of 1 are read."""

AnswerType = Literal["option", "short", "yes_no", "open", "caption"]
"""How an answer is scored: the chosen letter, a short text, yes or no, free text, a description."""

FactKind = Literal[
    "event.heard",
    "object.moves",
    "sources.count",
    "shown.count",
    "pace.picture",
    "candidate.tempo",
    "flag.shown",
    "text.shown",
    "mood.is",
]


class Fact(Record):
    """One true statement about a clip.

    Attributes of each kind (`value`; `other`): a sound (`bell`), a moving object (`red ball`;
    its path), how many sources are heard, how many things are shown, how often a movement repeats
    (per minute), a candidate track's tempo (beats per minute; its label), the country of a flag,
    a text, a mood (`bright`, `dark`).
    """

    kind: FactKind
    modality: Modality
    value: str | float
    other: str | None = None
    start_s: float | None = None
    end_s: float | None = None


class Sample(Record):
    """One question about one clip. Paths are relative to the file that the sample stands in.

    Ground truth and facts are for scoring alone: they never enter the graph, a prompt or a cache.
    """

    schema_version: int = SCHEMA_VERSION
    id: str = Field(min_length=1)
    dataset: str = Field(
        default="", description="E.g. `music-avqa`; it decides how short answers are compared."
    )
    task: str = Field(description="A column of the published table, e.g. `av_compositional`.")
    category: str = Field(
        default="", description="One of the seventeen, or a finer kind of rendered question."
    )
    question_type: str = Field(
        default="", description="The data set's own kind of question, e.g. `Audio/Counting`."
    )
    clip: str = Field(description="The video (or sound) file.")
    audio: str | None = Field(default=None, description="A sound file that replaces the clip's.")
    start_s: float | None = Field(default=None, description="The window's start within the file.")
    end_s: float | None = Field(default=None, description="The window's end within the file.")
    video_id: str = Field(
        default="", description="The data set's name of the video; samples of one belong together."
    )
    candidates: dict[str, str] = Field(default={}, description="Label to sound file.")
    context: str = Field(default="", description="Dialogue or text that precedes the question.")
    use_context: bool = Field(default=True, description="Whether models are given `context`.")
    question: str
    options: dict[str, str] | None = Field(default=None, description="Letter to text.")
    answer_type: AnswerType = "option"
    ground_truth: list[str] = Field(
        min_length=1, description="Accepted answers; of an option question, its letter."
    )
    reference_reasoning: list[str] = Field(
        default=[], description="The data set's own steps to the answer, for comparison alone."
    )
    true_facts: list[Fact] = []
    split: str = Field(default="test", description="E.g. `dev`, `held_out`, `test`.")
    licence: str = Field(default="", description="What the data set's authors allow, in words.")
    source: str = Field(default="", description="Where the row stands in the authors' file.")

    @property
    def asked(self) -> str:
        """The question as models get it: after its context, where that is to be used."""
        if self.context and self.use_context:
            return f"{self.context}\n\n{self.question}"
        return self.question

    @property
    def video(self) -> str:
        """What groups samples of one video: its name in the data set, else the clip's path."""
        return f"{self.dataset}:{self.video_id}" if self.video_id else self.clip

    def located(self, folder: Path) -> "Sample":
        """The same sample with its paths resolved against a folder."""
        return self.model_copy(
            update={
                "clip": str(folder / self.clip),
                "audio": str(folder / self.audio) if self.audio else None,
                "candidates": {k: str(folder / v) for k, v in self.candidates.items()},
            }
        )


def write_samples(path: Path, samples: Iterable[Sample]) -> None:
    """Write one JSON object a line, so that an interrupted run leaves the earlier file whole."""
    scratch = path.with_name(f".{path.name}.part")
    text = "".join(s.model_dump_json(exclude_defaults=False) + "\n" for s in samples)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, "utf-8")
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error


def faults(sample: Sample) -> list[str]:
    """What makes a sample unusable though each field is well formed; empty for a sound one."""
    found = []
    if sample.answer_type == "option":
        letters = sample.options or {}
        if len(letters) < 2:
            found.append(f"an option question has {len(letters)} options; it takes 2 or more")
        found += [
            f"the ground truth {truth!r} is none of the options {', '.join(letters) or '(none)'}"
            for truth in sample.ground_truth
            if truth not in letters
        ]
    if sample.answer_type == "yes_no":
        found += [
            f"the ground truth {truth!r} of a yes-or-no question is neither `yes` nor `no`"
            for truth in sample.ground_truth
            if truth not in ("yes", "no")
        ]
    found += ["a ground truth is empty" for truth in sample.ground_truth if not truth.strip()]
    if not sample.question.strip():
        found.append("the question is empty")
    found += [
        f"the window's {name} is {time:g}; it has to be a number of seconds, 0 or more"
        for name, time in (("start", sample.start_s), ("end", sample.end_s))
        if time is not None and not 0 <= time < math.inf
    ]
    if found:
        return found
    if sample.end_s is not None and sample.end_s <= (sample.start_s or 0.0):
        found.append(f"the window ends at {sample.end_s:g} s, not after its start")
    return found


def parse_sample(line: str) -> Sample:
    """A sample from one line of JSON, in today's schema.

    Raises:
        InputError: the line is no sample; the message names the field and no file.
    """
    try:
        sample = Sample.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise InputError(f"{where}: {first['msg'].lower()}; see the Sample schema.") from None
    if sample.schema_version > SCHEMA_VERSION:
        raise InputError(
            f"it has schema version {sample.schema_version}; this AURELIA reads up to "
            f"{SCHEMA_VERSION}: update it."
        )
    return sample.model_copy(update={"schema_version": SCHEMA_VERSION})


def lines_of(path: Path) -> list[tuple[int, str]]:
    """The lines of a JSONL file that hold something, with their numbers.

    Raises:
        InputError: the file can't be read, or is no UTF-8 text.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8 text; give a JSONL file of samples.") from None
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    return [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]


def read_samples(path: Path) -> list[Sample]:
    """Read the samples of a JSONL file, paths resolved against its folder.

    One bad line stops it: a run whose denominator shrank unnoticed is worse than none.
    `aurelia bench check` lists all that is wrong.

    Raises:
        InputError: the file can't be read, or a line is no usable sample; names the line.
    """
    samples, seen = [], dict[str, int]()
    for number, line in lines_of(path):
        try:
            sample = parse_sample(line)
        except InputError as error:
            raise InputError(f"{path}, line {number}: {error}") from None
        wrong = faults(sample)
        if wrong:
            raise InputError(
                f"{path}, line {number} ({sample.id}): {wrong[0]}; `aurelia bench check` "
                "lists all that is wrong."
            )
        if sample.id in seen:
            raise InputError(
                f"{path}, line {number}: the id {sample.id!r} stands in line {seen[sample.id]} "
                "already; ids must differ."
            )
        seen[sample.id] = number
        samples.append(sample.located(path.parent))
    if not samples:
        raise InputError(f"{path} holds no sample.")
    return samples


def sample_schema() -> str:
    """The JSON schema of a sample, indented."""
    return json.dumps(Sample.model_json_schema(), indent=2)
