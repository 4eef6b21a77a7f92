"""VITA (Mixtral 8x7B), by the steps of its own `video_audio_demo.py`.

Repository: VITA-MLLM/VITA
Commit: 00e86e54a588dafdedc6e6bbbdcceb4f08edfa7e
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: video_audio_demo.py, _get_rawvideo_dec(video_path, image_processor, ...), and the steps
    of its main part around `model.generate`; vita/model/builder.py, load_pretrained_model
Run from: the repository's folder.
Checkpoint: VITA's folder, as its README lays it out.
Needs: Python 3.10, two or more CUDA cards (CUDA_VISIBLE_DEVICES), flash-attn, decord.
Licence: Apache-2.0.
Status: never run with weights.

One frame a second, as many as `MAX_IMAGE_LENGTH` of vita/constants.py (16 at
d4a2f188e72b989196ad9bc5cdfec5eb4d87f6bb); of a longer video as many, evenly spread. Its sound was
trained as a SPOKEN QUESTION, and its demo takes a text or a sound, not both; the marks stand here
where the demo's code puts them when both are there. Replies begin with a mark that tells what VITA
took the question for; it is left in them.
"""

from __future__ import annotations

from typing import Any

NAME = "vita"
CAPABILITIES = {"video": 1, "audio": 1}
LIMITS: dict[str, Any] = {"frames": 16}
RESERVED = ("<image>", "<video>", "<audio>")


def load(checkpoint: str, device: str) -> Any:
    """Tokenizer and model, spread over the cards that it sees; `device` has no say."""
    import torch
    from vita.model.builder import load_pretrained_model
    from vita.util.mm_utils import get_model_name_from_path
    from vita.util.utils import disable_torch_init

    disable_torch_init()
    name = get_model_name_from_path(checkpoint)
    tokenizer, model, _, _ = load_pretrained_model(checkpoint, None, name, "mixtral-8x7b")
    model.resize_token_embeddings(len(tokenizer))
    if not model.get_vision_tower().is_loaded:
        model.get_vision_tower().load_model()
    model.get_audio_encoder().to(dtype=torch.float16)
    return tokenizer, model.eval()


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
    from video_audio_demo import _get_rawvideo_dec
    from vita import constants
    from vita.conversation import SeparatorStyle, conv_templates
    from vita.util import mm_utils

    tokenizer, model = loaded
    if video:
        shape = getattr(model.config, "image_aspect_ratio", None)
        frames, many = _get_rawvideo_dec(
            video,
            model.get_vision_tower().image_processor,
            max_frames=constants.MAX_IMAGE_LENGTH,
            video_framerate=1,
            image_aspect_ratio=shape,
        )
        frames, text = frames.half().cuda(), constants.DEFAULT_IMAGE_TOKEN * many + "\n" + text
    else:
        frames = torch.zeros((1, 3, 448, 448)).to(dtype=model.dtype, device="cuda")
    tokenize = mm_utils.tokenizer_image_token
    if audio:
        sound, _ = model.get_audio_encoder().audio_processor.process(audio)
        text, tokenize = text + constants.DEFAULT_AUDIO_TOKEN, mm_utils.tokenizer_image_audio_token
    else:
        sound = torch.zeros(400, 80)
    length = torch.unsqueeze(torch.tensor(sound.shape[0]), dim=0)
    sounds = {
        "audios": torch.unsqueeze(sound, dim=0).half().cuda(),
        "lengths": length.half().cuda(),
    }
    talk = conv_templates["mixtral_two"].copy()
    talk.append_message(talk.roles[0], text)
    talk.append_message(talk.roles[1], None)
    prompt = talk.get_prompt("video" if video else "lang")
    ids = tokenize(prompt, tokenizer, constants.IMAGE_TOKEN_INDEX, return_tensors="pt")
    ids = ids.unsqueeze(0).cuda()
    stop = talk.sep if talk.sep_style != SeparatorStyle.TWO else talk.sep2
    with torch.inference_mode():
        said = model.generate(
            ids,
            images=frames,
            audios=sounds,
            do_sample=bool(temperature),
            temperature=temperature or 0.01,
            num_beams=1,
            return_dict_in_generate=True,
            max_new_tokens=max_new_tokens,
            use_cache=True,
            stopping_criteria=[mm_utils.KeywordsStoppingCriteria([stop], tokenizer, ids)],
        ).sequences
    reply = tokenizer.batch_decode(said[:, ids.shape[1] :], skip_special_tokens=False)[0].strip()
    return str(reply[: -len(stop)] if reply.endswith(stop) else reply).strip()


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0](text, add_special_tokens=False).input_ids)
