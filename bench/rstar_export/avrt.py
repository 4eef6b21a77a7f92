"""The columns of AVRT-20K, a public set of audio-visual reasoning traces, filled from a row.

Column names and types are those of its published description. `answer` is the actor's answer, not
the ground truth; `question_relation` is empty, as AURELIA knows nothing of the kind.
"""

from typing import TypedDict

from aurelia.bench.rstar_export.rows import RStarRow


class AvrtRow(TypedDict):
    """A row of that shape."""

    id: int
    video_name: str
    video_id: int
    question: str
    choices: list[str]
    answer: str
    question_relation: str
    question_type: str
    av_reasoning: str


class Avrt:
    """Turns rows into that shape; numbers rows, and videos in the order of their first row."""

    def __init__(self) -> None:
        self._rows = 0
        self._videos: dict[str, int] = {}

    def __call__(self, row: RStarRow) -> AvrtRow:
        """The next row."""
        number, self._rows = self._rows, self._rows + 1
        video = self._videos.setdefault(row.clip_sha256, len(self._videos))
        options = row.options or {}
        chosen = options.get(row.actor_option or "")
        return {
            "id": number,
            "video_name": row.clip,
            "video_id": video,
            "question": row.question,
            "choices": list(options.values()),
            "answer": chosen or row.actor_answer,
            "question_relation": "",
            "question_type": row.question_type or row.category or row.task,
            "av_reasoning": row.text,
        }
