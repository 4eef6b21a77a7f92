"""AVSD: `test_set4DSTC7-AVSD.json`, and the sets of DSTC8 and DSTC10, which have its shape.

`{"dialogs": [{"image_id", "caption", "summary", "dialog": [{"question", "answer"}, …]}]}`; an
answer to predict reads `__UNDISCLOSED__`, and stands in the reference file of the same shape.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Wish, guarded
from aurelia.errors import InputError

UNDISCLOSED = "__UNDISCLOSED__"


def is_avsd(data: Any) -> bool:
    """Whether data holds dialogues about videos."""
    return isinstance(data, dict) and fields.has(data.get("dialogs"), "image_id", "dialog")


def _turns(dialog: dict[str, Any]) -> list[dict[str, Any]]:
    turns = dialog.get("dialog")
    if not isinstance(turns, list) or not turns:
        raise InputError(f"`dialog` is {fields.kind_of(turns)}; it should be a list of turns")
    return [fields.item(turn) for turn in turns]


class References:
    """Answers to undisclosed turns, by video and question; several to one turn are all kept."""

    def __init__(self, annotations: Iterable[Annotation]) -> None:
        self._by_question: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._single: dict[str, list[str]] = defaultdict(list)
        for annotation in annotations:
            if not is_avsd(annotation.data):
                raise InputError(
                    f"{annotation.path} is no AVSD reference file: it needs `dialogs`, each with "
                    "`image_id` and `dialog`."
                )
            for dialog in annotation.data["dialogs"]:
                self._add(annotation, dialog)

    def _add(self, annotation: Annotation, dialog: Any) -> None:
        try:
            video = fields.text(fields.item(dialog), "image_id")
            turns = _turns(dialog)
            for turn in turns:
                if turn.get("answer") in (None, "", UNDISCLOSED):
                    continue
                answer, question = fields.text(turn, "answer"), fields.optional(turn, "question")
                self._by_question[video, question.casefold()].append(answer)
                if len(turns) == 1:
                    self._single[video].append(answer)
        except InputError as error:
            raise InputError(f"{annotation.path}, a dialogue of the references: {error}.") from None

    def of(self, video: str, question: str) -> list[str]:
        """The answers; a reference dialogue of one turn needs no matching question."""
        found = self._by_question.get((video, question.casefold())) or self._single.get(video, [])
        return list(dict.fromkeys(found))


def _context(dialog: dict[str, Any], before: list[dict[str, Any]], wish: Wish) -> str:
    """What was said so far. The summary stays out: it was written after the whole dialogue."""
    caption = fields.optional(dialog, "caption") if wish.with_caption else ""
    said = [f"Caption: {caption}"] if caption else []
    for turn in before:
        answer = fields.optional(turn, "answer")
        said.append(f"Q: {fields.text(turn, 'question')}")
        said += [f"A: {answer}"] if answer and answer != UNDISCLOSED else []
    return "\n".join(said)


def _reasons(turn: dict[str, Any]) -> list[str]:
    """DSTC10's evidence sentences, where they are there."""
    given = turn.get("reason")
    if not isinstance(given, list):
        return []
    return [r["sentence"] for r in given if isinstance(r, dict) and _is_text(r.get("sentence"))]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _row(entry: Any, number: int, where: str, wish: Wish, references: References) -> Row:
    dialog = fields.item(entry)
    video, turns = fields.text(dialog, "image_id"), _turns(dialog)
    turn = turns[number]
    question = fields.text(turn, "question")
    answer = fields.text(turn, "answer")
    truths = [answer] if answer != UNDISCLOSED else references.of(video, question)
    if not truths:
        raise InputError(
            f"its answer is undisclosed, and no reference names {video!r}; give the reference "
            "file with --references"
        )
    return Row(
        where=where,
        key=f"{video}-{number + 1}",
        clips=(Media((video,)),),
        fields={
            "task": "avsd",
            "category": "Dynamic Scene",
            "question_type": f"turn {number + 1}",
            "video_id": video,
            "context": _context(dialog, turns[:number], wish),
            "use_context": wish.use_context,
            "question": question,
            "answer_type": "open",
            "ground_truth": truths,
            "reference_reasoning": _reasons(turn),
            "split": wish.split or "test",
        },
    )


def _wanted(turns: list[dict[str, Any]], wish: Wish) -> list[int]:
    hidden = [n for n, turn in enumerate(turns) if turn.get("answer") == UNDISCLOSED]
    if wish.turns == "all":
        return list(range(len(turns)))
    return hidden or [len(turns) - 1]


def dialogue_rows(annotation: Annotation, wish: Wish, references: References) -> Rows:
    """One row a dialogue (its undisclosed turn, else the last), or one for each turn."""
    if annotation.path.name.startswith("lbl_undisclosedonly"):
        raise InputError(
            f"{annotation.path} holds references, without the dialogues; give it with --references "
            "and the test set with --annotations."
        )
    for number, dialog in enumerate(annotation.data["dialogs"]):
        place = f"{annotation.path.name}, dialogue {number + 1}"
        try:
            wanted = _wanted(_turns(fields.item(dialog)), wish)
        except InputError:
            wanted = [0]  # `_row` says what is wrong
        for turn in wanted:
            where = f"{place}, turn {turn + 1}"
            yield guarded(where, _row, dialog, turn, where, wish, references)


FORMAT = Format(
    name="avsd",
    title="AVSD (DSTC7, DSTC8, DSTC10)",
    licence="terms of the data set's authors; videos are Charades, for research",
    needs="dialogs, each with image_id and dialog",
    fits=is_avsd,
    rows=lambda annotation, wish: dialogue_rows(annotation, wish, References([])),
)
