"""VideoLLaMA2 (2.1-7B-AV), through its own `mm_infer`.

Repository: DAMO-NLP-SG/VideoLLaMA2
Commit: cdb42676beb5abbcebea7c933c1eff2fa1373a53
Entry point: videollama2/__init__.py, model_init(model_path) and mm_infer(image_or_video, instruct,
    model, tokenizer, modal, **kwargs); sound through videollama2/mm_utils.py,
    process_audio_from_video(audio_path, clip_duration), as `process_video(..., va=True)` does
Run from: the repository's folder at that commit, or its branch `audio_visual`: on the default one,
    `process_video` has no `va`.
Checkpoint: name or folder of the model, such as DAMO-NLP-SG/VideoLLaMA2.1-7B-AV.
Needs: CUDA (`half().cuda()` is written into `mm_infer`), the ffmpeg program, decord, pytorchvideo.
Licence: Apache-2.0, and non-commercial by its README.
Status: never run with weights.

Sound is 8 windows of 2 s, evenly spread. `process_audio_from_video` turns a sound that it can't
read into silence, so the sound is first read with `load_audio_from_video`, which fails. Frames: as
many as the checkpoint's `num_frames`. A question with sound and without pictures goes through
`process_audio_file`, which takes 30 s from a RANDOM place of a longer sound: such are refused.
Pictures alone and sound alone go through the same model, as videollama2_arch.py there has it.
"""

from __future__ import annotations

from typing import Any

NAME = "videollama2.1-av"
CAPABILITIES = {"video": 1, "audio": 1}
LIMITS: dict[str, Any] = {"frames": "the checkpoint's num_frames", "audio_seconds": 16}
RESERVED = ("<video>", "<audio>", "<image>")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str) -> Any:
    """Model, its processors by kind, and tokenizer."""
    import torch
    from videollama2 import model_init

    torch.cuda.set_device(device)
    return model_init(checkpoint)


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
    top_p: float | None = None,
) -> str:
    """The reply, greedy unless a temperature is given, as in the repository's evaluation."""
    from videollama2 import mm_infer
    from videollama2.mm_utils import load_audio_from_video, process_audio_from_video

    model, processors, tokenizer = loaded
    modal = "video" if video else "audio" if audio else "text"
    media: Any = None
    if audio:
        wave, rate = load_audio_from_video(audio)
        seconds = len(wave) / rate
        if not video and seconds > 30:
            raise Refused("Without a video, VideoLLaMA2 hears 30 s of a sound; this one is longer.")
    if video:
        media = processors["video"](video, va=False)
        if audio:
            media = {"video": media, "audio": process_audio_from_video(audio, seconds)}
    elif audio:
        media = processors["audio"](audio)
    sampling: Any = {"do_sample": bool(temperature), "max_new_tokens": max_new_tokens}
    if temperature:
        sampling["temperature"] = temperature
    if top_p is not None:
        sampling["top_p"] = top_p
    return str(mm_infer(media, text, model=model, tokenizer=tokenizer, modal=modal, **sampling))


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[2](text, add_special_tokens=False).input_ids)
