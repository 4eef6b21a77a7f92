"""From a text with its partials put in back to one that names them."""

from aurelia.prompts.front_matter import join_front_matter, split_front_matter
from aurelia.prompts.partials import Partials, expand
from aurelia.prompts.placeholders import PLACEHOLDER


def collapse(text: str, model: str, partials: Partials) -> str:
    """`text` with `{{> name}}` wherever `model` has one and the partial's words still stand.

    Args:
        text: a whole template, partials put in.
        model: the file that it was made from; its partials are looked for, in its order.
        partials: what the names stand for.

    Returns:
        A template that expands to exactly `text`; `text` itself where nothing was found.
    """
    front, body, _ = split_front_matter(text)
    found, start = body, 0
    for match in PLACEHOLDER.finditer(split_front_matter(model)[1]):
        if not match["include"] or match["name"] not in partials:
            continue
        words = expand(match[0], partials)
        at = found.find(words, start) if words.strip() else -1
        if at < 0:
            continue
        found = found[:at] + match[0] + found[at + len(words) :]
        start = at + len(match[0])
    if expand(found, partials) != body:
        return text
    return found if front is None else join_front_matter(front, found)
