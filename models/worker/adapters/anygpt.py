"""AnyGPT (chat model), through its own `AnyGPTChatInference.response`.

Repository: OpenMOSS/AnyGPT
Commit: ce1b2dc1d161106d2104f3a8c9ddc1adba564d3a
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: anygpt/src/infer/cli_infer_chat_model.py, AnyGPTChatInference.response(task,
    instruction, to_modality, image_files, speech_files, music_files, voice_prompt), with the task
    "interleaved" of anygpt/src/m_utils/prompter.py at 0a687bb3d6ac7d127e7e6eacab3308a8192f957d
Run from: the repository's folder, with `config/generate_config.json`, in which the length of
    replies and the temperature stand: a question can't set them.
Checkpoint: the folder of the model; `--option models=PATH` is the folder `models` with
    `seed-tokenizer-2/`, `speechtokenizer/` and `soundstorm/`.
Needs: CUDA; SEED-2, SpeechTokenizer, Encodec and a diffusion model, which it loads with it.
Licence: not read.
Status: never run with weights.

It takes no video: pictures (frames) as images, sound as music, or as speech with
`--option sound=speech`. Of music the first 5 s are heard. Every question is kept in the module's
one `conversation` and sent again with the next: it is emptied here first.
"""

from __future__ import annotations

import sys
import tempfile
from typing import Any

NAME = "anygpt"
CAPABILITIES = {"image": 8, "audio": 1}
LIMITS: dict[str, Any] = {"audio_seconds": 5, "reply": "config/generate_config.json"}
RESERVED = ("<-Ins->", "<-Res->", "<eoh>", "<eos>", "<eot>", "[Human]", "[MMGPT]")


def load(checkpoint: str, device: str, *, models: str = "models", sound: str = "music") -> Any:
    """The inference, its module, and what sound is given as; it takes the CUDA card 0."""
    sys.path[:0] = ["./anygpt/src", "./anygpt/src/infer"]
    import cli_infer_chat_model as inference

    if sound not in ("music", "speech"):
        raise ValueError(f"The option sound is music or speech, not {sound!r}.")
    model = inference.AnyGPTChatInference(
        checkpoint,
        models + "/seed-tokenizer-2/seed_quantizer.pt",
        tempfile.mkdtemp(prefix="anygpt-"),
        speech_tokenizer_path=models + "/speechtokenizer/ckpt.dev",
        speech_tokenizer_config=models + "/speechtokenizer/config.json",
        soundstorm_path=models + "/soundstorm/speechtokenizer_soundstorm_mls.pt",
    )
    return model, inference, sound


def answer(loaded: Any, *, text: str, audio: str | None = None, images: list[str]) -> str:
    """The reply in text, whatever else the model would make."""
    model, inference, sound = loaded
    inference.conversation.messages = []
    heard = [audio] if audio else []
    return str(
        model.response(
            "interleaved",
            text,
            "text",
            image_files=images,
            speech_files=heard if sound == "speech" else [],
            music_files=heard if sound == "music" else [],
        )
    )


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0].tokenizer(text, add_special_tokens=False).input_ids)
