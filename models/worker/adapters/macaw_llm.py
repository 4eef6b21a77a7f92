"""Macaw-LLM, through its own `inference_generation`.

Repository: lyuchenyang/Macaw-LLM
Commit: e75f6552c9616c97bdbe7b77ddb5005434a6ced7
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: llm_trainer.py, inference_generation(args, model, tokenizer, image_dirs, audio_dirs,
    video_dirs, instructions, responses, dataset); loaded and prompted as in
    run_clm_llms_inference.py at 8d41f30082d2cd2a0ed97656040f224b45d66096
Run from: the repository's folder, with `data/all_visual_names_instruction.json` (read on import)
    and `trained_models/{clip_model,whisper_model,llama_model,llama_tokenizer}`.
Checkpoint: the folder that `MM_LLMs.from_pretrained` reads.
Needs: Python 3.8 (its badge), CUDA, opencv and the ffmpeg program.
Licence: CC BY 4.0 by the README's badge, Apache-2.0 in file headers.
Status: never run with weights.

Six frames, and the first 30 s of sound. Replies of 128 tokens are written into `MM_LLMs.forward`
(modeling.py at 4ca3f50d98356a94936c4a44d3e56248145793e4), so their length is set where it calls
`llm.generate`. A failure of the model is passed over by `inference_generation`; here it is raised.
Trained on texts of 256 tokens at most; longer ones are not cut.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

NAME = "macaw-llm"
CAPABILITIES = {"video": 1, "audio": 1, "image": 1}
LIMITS: dict[str, Any] = {"frames": 6, "audio_seconds": 30, "trained_text_tokens": 256}
RESERVED = ("<image>", "</image>", "<audio>", "</audio>", "<video>", "</video>")
PROMPT = (
    "Below is an instruction that describes a task. Write a response that appropriately "
    "completes the request.\n\n### Instruction:\n%s\n\n### Response:"
)
FRAMES = (0, 20, 40, 60, 80, 119)
"""By these of 120 evenly spaced ones `llm_trainer` names the frames that it opens."""


def load(checkpoint: str, device: str) -> Any:
    """Model and tokenizer; the numbers are the defaults of the inference script."""
    from modeling import MM_LLMs, MM_LLMs_Config
    from transformers import AutoConfig, CLIPConfig, LlamaTokenizer, WhisperConfig

    config = MM_LLMs_Config(
        n_frames=6,
        attention_heads=220,
        image_conv_kernel=48,
        image_conv_stride=36,
        video_conv_kernel=36,
        video_conv_stride=30,
        audio_conv_kernel=240,
        audio_conv_stride=220,
        clip_config=CLIPConfig.from_pretrained("trained_models/clip_model"),
        whisper_config=WhisperConfig.from_pretrained("trained_models/whisper_model"),
        llm_config=AutoConfig.from_pretrained("trained_models/llama_model"),
    )
    model = MM_LLMs.from_pretrained(checkpoint, config=config).half().to(device).eval()
    return model, LlamaTokenizer.from_pretrained("trained_models/llama_tokenizer")


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    images: list[str],
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply, read back from the file that `inference_generation` writes."""
    from llm_trainer import inference_generation

    model, tokenizer = loaded
    settings: dict[str, Any] = {"max_new_tokens": max_new_tokens}
    if temperature is not None:
        settings.update(do_sample=temperature > 0, temperature=temperature or 1.0)
    generate = model.llm.generate
    Path("eval_outputs").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="eval_outputs") as folder:
        clip = _frames(video, folder + "/clip") if video else "None"
        name = Path(folder).name + "/reply"
        model.llm.generate = lambda **given: generate(**dict(given, **settings))
        try:
            inference_generation(
                None, model, tokenizer, [images[0] if images else "None"], [audio or "None"],
                [clip], [PROMPT % text], [""], name,
            )  # fmt: skip
        finally:
            del model.llm.generate
        written = Path(f"eval_outputs/{name}_eval_outputs_1by1.json")
        said = json.loads(written.read_text(encoding="utf-8"))
    if not said:
        raise RuntimeError("The model failed; inference_generation does not say how.")
    return str(said[0]["output"])


def _frames(video: str, to: str) -> str:
    import cv2

    reader = cv2.VideoCapture(video)
    total = int(reader.get(cv2.CAP_PROP_FRAME_COUNT))
    for index in FRAMES:
        reader.set(cv2.CAP_PROP_POS_FRAMES, index * (total - 1) // 119)
        found, frame = reader.read()
        if not found or not cv2.imwrite(f"{to}.mp4_{index}.jpg", frame):
            raise ValueError(f"Frame {index} of 120 can't be read from the video.")
    return to


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[1].encode(text, add_special_tokens=False))
