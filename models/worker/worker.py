"""Serves one model over OpenAI's chat protocol, from the model's own environment.

    cd REPOSITORY && python worker.py ADAPTER.py --checkpoint PATH --device cuda:0 --port 8000

Copy this file and an adapter there: it needs Python 3.8 or later and nothing else. The folder that
it is run in is on the import path, as it is for the repository's own scripts.

AN ADAPTER is a Python file with these names:

    NAME = "my-model"
    CAPABILITIES = {"video": 1, "audio": 1, "image": 0, "text_budget": 512}

    def load(checkpoint, device):
        return ...                                       # whatever `answer` needs

    def answer(model, *, text, video=None, audio=None, max_new_tokens, temperature=None):
        return "..."

`NAME` is the id under which it is asked; `--name` replaces it, as for two sizes of one model.

`CAPABILITIES` says what reaches the model. All are optional:
    video, audio, image   how many of each a question may have; True is 1; left out, 0: none
    media                 how many of all kinds together, where it takes one kind at a time
    audio_in_video        True: without an `audio`, it hears the video file's own track
    text_budget           how many tokens of text reach it, counted by `count_tokens`, which must
                          then be there; more are refused, not cut
What is beyond is answered with status 400 and a sentence. An adapter never leaves a medium out.

`load(checkpoint, device, ...)` is called once, with strings; `checkpoint` is None where none was
given. Further parameters are set by `--option NAME=VALUE` (a string), so that a model may need more
than one path: `def load(checkpoint, device, *, llama, frames="8")`.

`answer(model, *, ...)` is called for one question at a time, in the thread that loaded the model,
the process's main one. It takes what it can use, BY NAME; the worker looks at its signature:
    text            all texts of the question in their order, a line break between them: first the
                    system's (unless `system` is taken), labels of media ("The sound of the clip:")
                    where these stood; no placeholders
    system          the system's text, "" where there is none
    video, audio    path of the one video, sound; None where there is none
    videos, audios, images   paths of all, in order; [] where there are none
    parts           all of it in order, for a model that takes text and media interleaved: tuples
                    (role, kind, value), role "system", "user" or "assistant", kind "text",
                    "image", "video" or "audio", value the text or the path. Media take their
                    places by:  "".join({"video": "<video>\n"}.get(k, v) for _, k, v in parts)
    max_new_tokens  int, always given
    temperature     float, or None where the question doesn't say: then as the repository's own
                    script does. 0 means greedy
    top_p, seed, ...  any other field of a request, by its name there, None where it is not given.
                    So a field which is no parameter of `answer` is refused, never dropped
Each kind in `CAPABILITIES` needs a parameter that brings it, or the worker doesn't start. Paths are
of temporary files with the bytes that were sent; their endings fit their content; they are deleted
when `answer` returns, so nothing may be read later. It returns the reply as a string, without the
prompt, or `{"text": ..., "finish_reason": "stop" or "length"}` where it knows how it ended.
What it raises is answered with status 500 and its message; to refuse a question (status 400), it
defines `class Refused(Exception)` and raises that with a sentence.

`count_tokens(model, text)`, optional: tokens of a text, an int, by the model's own tokenizer,
as the model counts them where its budget applies. It gives usage, budgets and `/tokenize`.
"""
