"""video-SALMONN 2+, by the steps of its own `inference.py`.

Repository: bytedance/video-SALMONN-2
Commit: 61a0e59dddf4e8d81d84ba311a916082cb3b060a
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: video_SALMONN2_plus/inference.py, a script without functions that can be imported
    apart: its steps are here, through qwenvl/data/dataset.py,
    make_supervised_data_module(tokenizer, data_args) and `_get_item` of its data set, and
    qwenvl/model/modeling_qwen2_5_vl.py, video_SALMONN2_plus. Those are called as the script calls
    them; dataset.py was read at 64c39b89334204956e2cad9c8359ff7c22a3e4ac of bytedance/SALMONN.
Run from: video_SALMONN2_plus/
Checkpoint: name or folder of a full model, such as tsinghua-ee/video-SALMONN2_plus_3B_full.
Needs: CUDA, flash-attn, its transformers; the ffmpeg program. The script's Liger kernels make it
    faster and are left out.
Licence: Apache-2.0.
Status: never run with weights.

A frame every 0.1 s up to 768; the whole sound, in windows of 30 s. It hears the track of the video
file alone, so the sound that was sent is put into a copy of the file; without one, `use_audio` is
off. Its data set goes on without a sound that it can't read; here the question fails then.
"""

from __future__ import annotations

import subprocess
import tempfile
from typing import Any

NAME = "video-salmonn-2"
CAPABILITIES = {"video": 1, "audio": 1}
LIMITS: dict[str, Any] = {"frames": 768}
RESERVED = ("<video>", "<image>", "<audio>", "<|")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str) -> Any:
    """Model, tokenizer, and the data set that prepares questions."""
    import torch
    from qwenvl.data.dataset import make_supervised_data_module
    from qwenvl.data.image_processing_qwen2_vl_fast import Qwen2VLImageProcessorFast
    from qwenvl.model.modeling_qwen2_5_vl import video_SALMONN2_plus
    from qwenvl.train.argument import DataArguments
    from transformers import AutoTokenizer, WhisperFeatureExtractor

    settings = DataArguments()
    settings.video_max_frames, settings.video_min_frames = 768, 16
    settings.base_interval, settings.run_test = 0.1, True
    settings.max_pixels = settings.video_max_frame_pixels = 61250
    settings.model_type = "qwen2.5vl"
    settings.image_processor = Qwen2VLImageProcessorFast.from_pretrained(checkpoint)
    settings.audio_processor = WhisperFeatureExtractor(
        feature_size=settings.feature_size,
        sampling_rate=settings.sampling_rate,
        hop_length=settings.hop_length,
        chunk_length=settings.chunk_length,
    )
    tokenizer = AutoTokenizer.from_pretrained(
        checkpoint, model_max_length=131072, padding_side="right", use_fast=False
    )
    model = video_SALMONN2_plus.from_pretrained(
        checkpoint, attn_implementation="flash_attention_2", torch_dtype=torch.bfloat16
    )
    questions = make_supervised_data_module(tokenizer=tokenizer, data_args=settings)
    return model.to(device).eval(), tokenizer, questions["train_dataset"], device


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply, greedy unless a temperature is given."""
    import torch

    if not video:
        raise Refused("video-SALMONN 2 is asked about a video; this question has none.")
    model, tokenizer, questions, device = loaded
    turns = [{"from": "human", "value": "<video>\n" + text}, {"from": "gpt", "value": ""}]
    with tempfile.TemporaryDirectory() as folder:
        clip = _with_sound(video, audio, folder) if audio else video
        question = {"video": clip, "use_audio": bool(audio), "conversations": turns}
        prepared = questions._get_item(question)
    if audio and prepared.get("audio_feature") is None:
        raise RuntimeError("video-SALMONN 2's data set could not read the sound, and left it out.")
    apart = ("video", "image", "prompt", "ref", "audio", "use_audio", "should_use")
    inputs = {k: v for k, v in prepared.items() if k not in apart and isinstance(v, torch.Tensor)}
    inputs = {name: value.to(device) for name, value in inputs.items()}
    sampling = {"temperature": temperature} if temperature else {}
    with torch.no_grad():
        said = model.generate(
            **inputs, max_new_tokens=max_new_tokens, do_sample=bool(temperature), **sampling
        )
    reply = said[0, inputs["input_ids"].shape[1] :]
    return str(tokenizer.decode(reply, skip_special_tokens=True)).strip()


def _with_sound(video: str, audio: str, folder: str) -> str:
    whole = folder + "/clip.mkv"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", video, "-i", audio]
    subprocess.run([*command, "-map", "0:v:0", "-map", "1:a:0", "-c", "copy", whole], check=True)
    return whole


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[1](text, add_special_tokens=False).input_ids)
