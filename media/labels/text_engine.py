"""The text recogniser of the `ocr` extra: one for each process, made when first needed."""

import logging
import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aurelia.errors import MissingExtra

MOST_LETTERS = 80
_THREADS = 1
_PAST_LATIN = "\u0250"  # strokes of a picture are taken for Chinese signs
_LEAST = 0.6
"""Lines that are read with less confidence are left out."""
_SIDE = 480  # px, longest side that the recogniser looks at
_ONE_LINE = 0.5  # of the lower height: overlap of words that stand on one line
_WORD_GAP = 1.6  # heights between words of one line
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a picture: cleaned, with the recogniser's confidence, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Piece:
    left: float
    right: float
    top: float
    bottom: float
    text: str
    confidence: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


@lru_cache(maxsize=1)
def _engine() -> Any:
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        raise MissingExtra(
            "Reading text in pictures needs the ocr extra: pip install 'aurelia[ocr]'."
        )
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": _THREADS,
        }
    )
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)  # "no text found" is no news
    return engine


def read_lines(picture: NDArray[np.uint8]) -> tuple[Line, ...]:
    """The lines of text in an RGB picture, from top to bottom; thread-safe, about 0.15 s.

    Raises:
        MissingExtra: the `ocr` extra is not installed.
    """
    with _LOCK:
        result = _engine()(np.ascontiguousarray(picture[..., ::-1]))
    if result.txts is None or result.boxes is None or result.scores is None:
        return ()
    pieces = []
    for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        corners = np.asarray(box, np.float64)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        tidy = cleaned(text)
        if score >= _LEAST and sum(c.isalnum() for c in tidy) >= 2:
            pieces.append(_Piece(left, right, top, bottom, tidy, float(score)))
    return tuple(_joined(line) for line in _lines(pieces))


def cleaned(text: str) -> str:
    """Text from a picture as one harmless line: letters, digits, spaces and `.,!?'&:-` only."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    kept = "".join(
        c if (c.isalnum() and c < _PAST_LATIN) or c in ".,!?'&:-" else " " for c in plain
    )
    return re.sub(r" +", " ", kept).strip()[:MOST_LETTERS].strip()


def _lines(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Pieces side by side as lines, each from left to right, the lines from top to bottom."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.left):
        for line in lines:
            last = line[-1]
            shared = min(last.bottom, piece.bottom) - max(last.top, piece.top)
            low = min(last.height, piece.height)
            if shared > _ONE_LINE * low and piece.left - last.right < _WORD_GAP * low:
                line.append(piece)
                break
        else:
            lines.append([piece])
    return sorted(lines, key=lambda line: float(np.mean([p.top + p.bottom for p in line])))


def _joined(line: list[_Piece]) -> Line:
    text = " ".join(piece.text for piece in line)[:MOST_LETTERS].strip()
    return Line(text, min(piece.confidence for piece in line))
