"""Unified-IO 2, L and XL, through its own preprocessor and `UnifiedIOModel.generate`.

Repository: allenai/unified-io-2.pytorch
Commit: d95742853528ee324a5efe8242c9e8a6a6890e28
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: uio2/preprocessing.py, UnifiedIOPreprocessor(text_inputs, target_modality, ...) and
    build_batch; uio2/model.py, UnifiedIOModel.generate(batch, modality, max_new_tokens, ...), as
    README.md calls it at 02d8702da13cdf0e858708504ed65374230b9a43; sound through
    uio2/audio_utils.py at 28fcdc8983b480dc7e5419267b89e252adcf0d72
Run from: anywhere with `uio2` on the import path.
Checkpoint: allenai/uio2-large (1 B) or allenai/uio2-xl (3 B), with `--name unified-io-2-xl`;
    `--option tokenizer=PATH` is LLaMA's tokenizer.model.
Needs: tensorflow, librosa, scikit-video, ffmpeg and ffprobe.
Licence: not read.
Status: never run with weights.

5 frames, and 5 windows of 4.08 s of sound at the same places, as its own `load_video` takes them
of one file. 512 tokens of text with the prefix and the end mark, the rest cut from the end: longer
texts are refused. A reply has 512 at most, for its positions end there (uio2/model.py at
cc4401175d956a16171a5f24d84e386b22be6375, config.py): one that reaches them ends with "length".
"""

from __future__ import annotations

from typing import Any

NAME = "unified-io-2-l"
CAPABILITIES = {"video": 1, "audio": 1, "image": 1, "text_budget": 500}
LIMITS: dict[str, Any] = {
    "text_tokens": 512,
    "text_cut": "end",
    "reply_tokens": 512,
    "frames": 5,
    "audio_seconds": 20.4,
}
RESERVED = ("<extra_id_", "[Text]", "[Image]", "[Audio]")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str, *, tokenizer: str) -> Any:
    """Model and preprocessor, for text out of all media."""
    from uio2.model import UnifiedIOModel
    from uio2.preprocessing import UnifiedIOPreprocessor

    preprocessor = UnifiedIOPreprocessor.from_pretrained(
        "allenai/uio2-preprocessor", tokenizer=tokenizer
    )
    return UnifiedIOModel.from_pretrained(checkpoint).to(device).eval(), preprocessor


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    images: list[str],
    max_new_tokens: int,
    temperature: float | None = None,
) -> dict[str, str]:
    """The reply, greedy unless a temperature is given."""
    import torch
    from uio2.preprocessing import build_batch

    model, preprocessor = loaded
    if video and images:
        raise Refused("Unified-IO 2 takes a video or an image; this question has both.")
    prefixed = preprocessor.PREFIXES["text"] + text
    size = len(preprocessor.tokenizer.encode(prefixed)) + 1
    if size > LIMITS["text_tokens"]:
        raise Refused(f"The text has {size} tokens with its marks, of 512; shorten it.")
    given: dict[str, Any] = {}
    if video:
        given.update(video_inputs=video, use_video_audio=False)
    if images:
        given["image_inputs"] = images[0]
    if audio:
        given["audio_inputs"] = _windows(audio, preprocessor.sequence_length["num_frames"] + 1)
    example = preprocessor(text_inputs=text, target_modality="text", **given)
    sampling = {"do_sample": True, "temperature": temperature} if temperature else {}
    most = min(max_new_tokens, LIMITS["reply_tokens"])
    with torch.no_grad():
        tokens = model.generate(
            build_batch([example], device=model.device),
            modality="text",
            max_new_tokens=most,
            **sampling,
        )
    reply = tokens[0].cpu()
    cut = 1 not in list(reply)[1:]  # 1 is the end mark, and stands where nothing was written
    said = str(preprocessor.tokenizer.decode(reply)).strip()
    return {"text": said, "finish_reason": "length" if cut else "stop"}


def _windows(audio: str, many: int) -> Any:
    from uio2.audio_utils import (
        extract_spectrograms_from_audio,
        get_audio_length,
        read_audio_file,
    )

    seconds = get_audio_length(audio)
    return extract_spectrograms_from_audio(
        read_audio_file(audio), seconds, audio_segment_length=seconds / many
    )


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without prefix and end mark."""
    return len(loaded[1].tokenizer.encode(text))
