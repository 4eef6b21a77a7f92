"""AVicuna, through its own `inference`.

Repository: yunlong10/AVicuna
Commit: 038d48c4e4170ab8da157571b40d9a6cdacdbdcb
Entry point: avicuna/inference.py, inference(model, image, query, tokenizer); sound through
    avicuna/test_clap.py, audio_feat_extraction(audio_path, model)
Run from: the repository's folder.
Checkpoint: the folder `checkpoints` of its README, with `avicuna-vicuna-v1-5-7b-stage1` to
    `-stage4` and `clip/ViT-L-14.pt`. `--option clap=PATH` is CLAP's `630k-fusion-best.pt`,
    `--option base=NAME` the Vicuna (lmsys/vicuna-7b-v1.5 by default, which it downloads).
Needs: avicuna.yml, CUDA, openai/CLIP and laion_clap.
Licence: not read.
Status: never run with weights.

75 frames and 25 places for sound, both needed: it was made for both. A place holds one CLAP window
of 10 s, begun every 4 s; beyond 25 windows (106 s) the script would leave out the rest, so a
longer sound is refused. The folders' names in the script (`…-stage3-12`) differ from its README's;
the README's are taken. 1,024 tokens and temperature 0.05 are written into `inference`; they are set
here on the call of `model.generate` that it makes.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

NAME = "avicuna"
CAPABILITIES = {"video": 1, "audio": 1}
LIMITS: dict[str, Any] = {"frames": 75, "audio_seconds": 106}
RESERVED = ("<video>", "<image>")
FRAMES, PLACES = 75, 25


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


class Bounded:
    """A model whose `generate` has settings that its caller did not think of."""

    def __init__(self, model: Any, **settings: Any) -> None:
        self.model, self.settings = model, settings

    def generate(self, *args: Any, **given: Any) -> Any:
        """Of the model, with the settings in place of those given."""
        return self.model.generate(*args, **dict(given, **self.settings))


def load(checkpoint: str, device: str, *, clap: str, base: str = "lmsys/vicuna-7b-v1.5") -> Any:
    """Tokenizer, model, CLIP and CLAP; `cuda()` is written into the repository."""
    import clip
    import laion_clap
    import torch
    from avicuna.model.builder import load_pretrained_model
    from avicuna.utils import disable_torch_init

    torch.cuda.set_device(device)
    disable_torch_init()
    stage = checkpoint + "/avicuna-vicuna-v1-5-7b-stage"
    paths = Namespace(
        clip_path=checkpoint + "/clip/ViT-L-14.pt",
        pretrain_mm_mlp_adapter=stage + "1/mm_projector.bin",
        pretrain_mm_mlp_adapter_a=stage + "2/mm_projector_a.bin",
        model_base=base,
    )
    tokenizer, model, _ = load_pretrained_model(paths, stage + "3", stage + "4")
    sees, _ = clip.load(paths.clip_path, device=device)
    hears = laion_clap.CLAP_Module(enable_fusion=True).to(device)
    hears.load_ckpt(clap)
    return tokenizer, model.cuda().to(torch.bfloat16), sees.eval(), hears


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
    from avicuna.inference import BICUBIC, inference
    from avicuna.mm_utils import VideoExtractor
    from avicuna.test_clap import audio_feat_extraction
    from torchvision.transforms import CenterCrop, Compose, Normalize, Resize

    if not (video and audio):
        raise Refused("AVicuna needs a video and a sound; this question does not have both.")
    tokenizer, model, sees, hears = loaded
    found, frames = VideoExtractor(N=FRAMES).extract({"id": "clip", "video": video})
    if found is None:
        raise RuntimeError("The video was not read, and would have been one zero.")
    mean, spread = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    prepare = Compose(
        [Resize(224, interpolation=BICUBIC), CenterCrop(224), Normalize(mean, spread)]
    )
    with torch.no_grad():
        seen = sees.encode_image(prepare(frames / 255.0).to("cuda"))
        heard = audio_feat_extraction(audio, hears)
        windows = len(heard)
        if windows > PLACES:
            raise Refused(f"The sound has {windows} windows of 10 s, and AVicuna takes 25.")
        often = [PLACES // windows + (place < PLACES % windows) for place in range(windows)]
        heard = heard.cuda().repeat_interleave(torch.tensor(often).cuda(), dim=0)
    media = [one.to(torch.bfloat16).unsqueeze(0) for one in (seen, heard)]
    settings: dict[str, Any] = {"max_new_tokens": max_new_tokens}
    if temperature is not None:
        settings.update(do_sample=temperature > 0, temperature=temperature or 1.0)
    return str(inference(Bounded(model, **settings), media, "<video>\n " + text, tokenizer))


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0](text, add_special_tokens=False).input_ids)
