"""Functions of a task for lmms-eval: `aurelia bench export lmms-eval` puts this file beside it.

It runs where AURELIA is not installed, and needs NumPy alone. Written for lmms-eval 0.7.3, with the
names that its tasks have had since 0.2. Models of the older kind take one text and a list of media
(`doc_to_visual`, a path for a video, samples for a sound); the newer kind takes messages, in which
every medium stands below its label.
"""

import wave
from pathlib import Path
from typing import Any

import numpy as np

_HERE = Path(__file__).resolve().parent


def doc_to_visual(doc: dict[str, Any]) -> list[Any]:
    """The video's path, then the sounds as `{"array": float32 (n,), "sampling_rate": int}`."""
    video = [str(_HERE / doc["video"])] if doc["video"] else []
    return [*video, *(_samples(_HERE / sound["path"]) for sound in doc["sounds"])]


def doc_to_text(doc: dict[str, Any], lmms_eval_specific_kwargs: Any = None) -> str:
    """The whole prompt as one text, for models that put media before it."""
    parts = [doc["system"], doc["before"], _order(doc), doc["after"]]
    return "\n\n".join(part for part in parts if part)


def doc_to_messages(
    doc: dict[str, Any], lmms_eval_specific_kwargs: Any = None
) -> list[dict[str, Any]]:
    """The same as messages, media in their place."""
    content = _text(doc["before"])
    if doc["video"]:
        content += [*_text("The clip:"), _medium("video", doc["video"])]
    for sound in doc["sounds"]:
        content += [*_text(f"{sound['label']}:"), _medium("audio", sound["path"])]
    messages = [{"role": "user", "content": content + _text(doc["after"])}]
    if doc["system"]:
        messages.insert(0, {"role": "system", "content": _text(doc["system"])})
    return messages


def doc_to_target(doc: dict[str, Any]) -> str:
    """Nothing: the right answer is not in this folder, so that it can't reach a prompt."""
    return ""


def process_results(doc: dict[str, Any], results: list[Any]) -> dict[str, Any]:
    """Which sample it was; replies are scored by `aurelia bench import-results`."""
    said = bool(results) and bool(str(results[0]).strip())
    return {
        "replied": {"sample_id": doc["sample_id"], "condition": doc["condition"], "replied": said}
    }


def share(results: list[dict[str, Any]]) -> float:
    """The share of samples with a reply; no accuracy."""
    return sum(bool(result["replied"]) for result in results) / max(1, len(results))


def _order(doc: dict[str, Any]) -> str:
    names = (["the clip"] if doc["video"] else []) + [sound["label"] for sound in doc["sounds"]]
    return f"Media, in this order: {'; '.join(names)}." if len(names) > 1 else ""


def _text(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}] if text else []


def _medium(kind: str, path: str) -> dict[str, Any]:
    return {"type": kind, "url": str(_HERE / path)}


def _samples(path: Path) -> dict[str, Any]:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return {"array": samples.astype(np.float32) / 32768, "sampling_rate": file.getframerate()}
