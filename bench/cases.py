"""Cases for a critic: captions of known truth about clips, one JSON object a line."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from aurelia.bench.sample import Sample
from aurelia.errors import InputError
from aurelia.types.reasoning import Record

CASES_FILE = "critic_cases.jsonl"


class CriticCase(Record):
    """A caption and whether it is true. Paths are relative to the file that the case stands in."""

    id: str = Field(min_length=1)
    clip: str = Field(min_length=1)
    audio: str | None = Field(default=None, description="A sound file that replaces the clip's.")
    candidates: dict[str, str] = Field(default={}, description="Label to sound file.")
    start_s: float | None = None
    end_s: float | None = None
    question: str | None = Field(default=None, description="None: judged as a description.")
    caption: str = Field(min_length=1)
    truth: Literal["true", "lie"]
    kind: str | None = Field(default=None, description="Of a lie: what was changed.")
    of: str | None = Field(default=None, description="Of a lie: the id of the true case.")

    def located(self, folder: Path) -> "CriticCase":
        """The same case with its paths resolved against a folder."""
        return self.model_copy(
            update={
                "clip": str(folder / self.clip),
                "audio": str(folder / self.audio) if self.audio else None,
                "candidates": {k: str(folder / v) for k, v in self.candidates.items()},
            }
        )


def cases_of(sample: Sample, captions: Iterable[tuple[str, str]]) -> list[CriticCase]:
    """Cases from a sample and captions of it.

    Args:
        sample: with paths resolved.
        captions: `(kind, caption)`, the true one first, of kind `true`.
    """
    first = f"{sample.id}-true"
    cases = []
    for number, (kind, caption) in enumerate(captions):
        true = kind == "true"
        cases.append(
            CriticCase(
                id=first if true else f"{sample.id}-{number}-{kind}",
                clip=sample.clip,
                audio=sample.audio,
                candidates=sample.candidates,
                question=sample.question,
                caption=caption,
                truth="true" if true else "lie",
                kind=None if true else kind,
                of=None if true else first,
            )
        )
    return cases


def write_cases(path: Path, cases: Iterable[CriticCase]) -> None:
    """Write cases; paths below the file's folder or beside it become relative.

    Raises:
        InputError: the file can't be written.
    """
    scratch = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [_relative(c, path.parent).model_dump_json(exclude_defaults=True) for c in cases]
        scratch.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error


def read_cases(path: Path) -> list[CriticCase]:
    """Read cases, paths resolved against the file's folder; every file they name must be there.

    Raises:
        InputError: the file can't be read, holds no case, or a line is none; names the line.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8 text; give a JSONL file of cases.") from None
    cases = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            cases.append(_case(line, f"{path}, line {number}", path.parent))
    if not cases:
        raise InputError(f"{path} holds no case.")
    name, times = Counter(case.id for case in cases).most_common(1)[0]
    if times > 1:
        raise InputError(f"{path}: the id {name!r} stands there {times} times; ids must differ.")
    return cases


def _case(line: str, where: str, folder: Path) -> CriticCase:
    try:
        case = CriticCase.model_validate_json(line).located(folder)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise InputError(f"{where}: {field}: {first['msg'].rstrip('.').lower()}.") from None
    for file in (case.clip, case.audio, *case.candidates.values()):
        if file is not None and not Path(file).is_file():
            raise InputError(f"{where}: there is no file {file}.")
    return case


def _relative(case: CriticCase, folder: Path) -> CriticCase:
    def short(path: str) -> str:
        whole, base = Path(path).absolute(), folder.absolute()
        common = os.path.commonpath([whole, base])
        return os.path.relpath(whole, base) if Path(common) != Path(whole.anchor) else str(whole)

    return case.model_copy(
        update={
            "clip": short(case.clip),
            "audio": short(case.audio) if case.audio else None,
            "candidates": {k: short(v) for k, v in case.candidates.items()},
        }
    )
