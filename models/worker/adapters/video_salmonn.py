"""video-SALMONN, through its own `OpenLLAMAPEFTModel`.

Repository: bytedance/SALMONN
Commit: 4577aaf76351ac70b7257457ddfd79389d1d0f53
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: video_salmonn/inference.py, which runs a file of questions: the same steps here, for
    one. video_salmonn/model/openllama.py at 372ab2b358188a9446b7eda3119e0f63f9f00814,
    OpenLLAMAPEFTModel.forward(inputs, reduction, generate, generate_config), and
    video_salmonn/datasets/sft_dataset_nomix.py at 0671f1cbb71c055874de9dcbc78f4597d21a829d
Run from: video_salmonn/, with `ckpt/` laid out as in its README and `vicuna_ckpt_path` set in
    config/test.yaml.
Checkpoint: that file, config/test.yaml.
Needs: Python 3.9, CUDA, its requirements.txt, pytorchvideo and PyAV.
Licence: Apache-2.0 (weights' page; file headers).
Status: never run with weights.

The first 30 s of a sound, read WITHOUT regard to its rate: what is not 16 kHz would be heard slow
or fast, and is refused. The first 60 s of a video, 2 frames a second. 512 tokens of text and marks
(`max_tgt_len`), the rest cut from the end: longer texts are refused. A video without a sound is
answered with `dummy/dummy_audio.json` masked out, as its data set does.
"""

from __future__ import annotations

import json
import tempfile
import wave
from argparse import Namespace
from typing import Any

NAME = "video-salmonn"
CAPABILITIES = {"video": 1, "audio": 1, "text_budget": 480}
LIMITS: dict[str, Any] = {
    "text_tokens": 512,
    "text_cut": "end",
    "frames": 120,
    "video_seconds": 60,
    "audio_seconds": 30,
}
RESERVED = ("<Video>", "</Video>", "<Img>", "</Img>", "<SEP>", "</s>")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str) -> Any:
    """The model in half precision, and its settings."""
    import torch
    from config.config import Config
    from model.openllama import OpenLLAMAPEFTModel

    settings = Config(Namespace(cfg_path=checkpoint, options=None)).config
    model = OpenLLAMAPEFTModel(**settings)
    delta = torch.load(settings["delta_ckpt_path"], map_location="cpu")
    model.load_state_dict(delta, strict=False)
    return model.eval().half().to(device), settings


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply by its own search with 5 beams; it does not sample."""
    import torch
    from datasets import SupervisedAudioVisualDataset4Test

    if temperature:
        raise Refused("video-SALMONN is asked by beam search, without a temperature.")
    if not (video or audio):
        raise Refused("video-SALMONN answers about media; this question has none.")
    if audio:
        _check_rate(audio)
    model, settings = loaded
    turns = [{"from": "human", "value": text}, {"from": "gpt", "value": "None"}]
    media = [video, audio] if video and audio else video or audio
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([{"image_name": media, "conversation": turns}], file)
        file.flush()
        paths = {"audio_data_path": file.name}
        if video:
            paths = {"audio_data_path": "./dummy/dummy_audio.json", "video_data_path": file.name}
        questions = SupervisedAudioVisualDataset4Test(
            "audiovideoimage" if video else "audio",
            use_whisper=settings["use_whisper"],
            training=False,
            sin_pos=settings["sin_pos"],
            return_raw=settings["return_raw"],
            cache_dir=settings["cache_dir"],
            **paths,
        )
        batch = questions.collate([questions[0]])
    with torch.no_grad():
        said = model(batch, generate=True, generate_config={"max_new_tokens": max_new_tokens})
    return str(said[0]).strip()


def _check_rate(audio: str) -> None:
    try:
        with wave.open(audio, "rb") as sound:
            rate = sound.getframerate()
    except (wave.Error, EOFError):
        raise Refused("video-SALMONN takes sound as 16 kHz WAV; this is no WAV.") from None
    if rate != 16000:
        raise Refused(f"video-SALMONN takes sound at 16 kHz; this one has {rate} Hz.")


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0].llama_tokenizer(text, add_special_tokens=False).input_ids)
