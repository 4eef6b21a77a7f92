"""CAT of Bay-CAT, through its own `inference`.

Repository: rikeilong/Bay-CAT
Commit: 0479814ec3dbd8942d8d1c12ced4f5b9dc33531c
Entry point: SFT_CAT/inference.py, inference(model, image, audio, query, tokenizer); media through
    SFT_CAT/extract_video_feat.py, Image_feat_extract and audio_feat_extract, as in
    SFT_CAT/demo_gradio.py
Run from: SFT_CAT/, once its authors' own paths were replaced in these lines: the configuration's
    folder in model/builder.py (AutoConfig), `temp_outfile` in extract_video_feat.py (a folder that
    exists), `device='cuda:1'` there and `set_device(1)` in inference.py.
Checkpoint: the folder with `CA/CA.bin`, `mm_projector_v/`, `mm_projector_a/` and `attn_a2v/`;
    `--option base=PATH` is llama-2-7b-chat-hf.
Needs: CUDA, ImageBind, moviepy before 2, opencv.
Licence: not read.
Status: never run with weights.

One frame a second, all of them, and 3 windows of 2 s of sound, each an ImageBind vector; it needs
both. The question stands between two marks <Q>; the features attend to it. Greedy search and 1,024
tokens are written into `inference`; they are set here on its call of `model.generate`.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

NAME = "bay-cat"
CAPABILITIES = {"video": 1, "audio": 1}
LIMITS: dict[str, Any] = {"frames": "1 a second", "audio_seconds": 6}
RESERVED = ("<Q>", "<video>", "<image>")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


class Bounded:
    """A model whose `generate` has settings that its caller did not think of."""

    def __init__(self, model: Any, **settings: Any) -> None:
        self.model, self.settings = model, settings

    def generate(self, *args: Any, **given: Any) -> Any:
        """Of the model, with the settings in place of those given."""
        return self.model.generate(*args, **dict(given, **self.settings))


def load(checkpoint: str, device: str, *, base: str) -> Any:
    """Tokenizer and model; ImageBind is loaded when `extract_video_feat` is imported."""
    import torch
    from model.builder import load_pretrained_model
    from model.utils import disable_torch_init

    torch.cuda.set_device(device)
    disable_torch_init()
    paths = {
        "pretrain_CA": "CA/CA",
        "pretrain_mm_mlp_adapter_v": "mm_projector_v/mm_projector_v",
        "pretrain_mm_mlp_adapter_a": "mm_projector_a/mm_projector_a",
        "pretrain_attn_a2v": "attn_a2v/attn_a2v",
    }
    paths = {name: f"{checkpoint}/{path}.bin" for name, path in paths.items()}
    tokenizer, model, _ = load_pretrained_model(Namespace(model_base=base, **paths))
    return tokenizer, model.cuda().to(torch.bfloat16)


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply to a text, a video and its sound."""
    import torch
    from extract_video_feat import Image_feat_extract, audio_feat_extract
    from inference import inference

    if not (video and audio):
        raise Refused("CAT needs a video and a sound; this question does not have both.")
    tokenizer, model = loaded
    seen = Image_feat_extract(video_path=video, height=224, width=224, n_frms=60)
    heard = audio_feat_extract(video_path=audio)
    seen, heard = (one.unsqueeze(0).to(torch.bfloat16) for one in (seen, heard))
    settings: dict[str, Any] = {"max_new_tokens": max_new_tokens}
    if temperature:
        settings.update(do_sample=True, temperature=temperature)
    query = f"<Q>{text}<Q>\n<video>"
    return str(inference(Bounded(model, **settings), seen, heard, query, tokenizer))


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0](text, add_special_tokens=False).input_ids)
