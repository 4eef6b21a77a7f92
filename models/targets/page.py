"""The table of docs/targets.md; `python -m aurelia.models.targets.page` prints it."""

import sys

from aurelia.models.targets.catalogue import targets
from aurelia.models.targets.record import Target
from aurelia.models.targets.roads import WORDS, needs, verified

HEAD = "| target | road | sees | hears | text | verified here | not without weights or a key |"
WORD = "| word | what it means |"


def table() -> str:
    """All targets, a row each; then what its words mean."""
    rows = [HEAD, "|---|---|---|---|---|---|---|"]
    for generation, title in (("paper", "of the published table"), ("current", "current")):
        listed = [target for target in targets() if target.generation == generation]
        rows.append(f"| **{len(listed)} {title}** | | | | | | |")
        rows += [_row(target) for target in listed]
    rows += ["", WORD, "|---|---|"]
    rows += [f"| {word} | {meaning} |" for word, meaning in WORDS.items()]
    return "\n".join(rows)


def _row(target: Target) -> str:
    cells = [
        f"`{target.name}` {target.title}",
        target.status,
        target.sees,
        target.hears,
        budget_words(target),
        ", ".join(verified(target)),
        ", ".join(needs(target)),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def budget_words(target: Target) -> str:
    """How much text it takes."""
    budget = target.profile.text.budget if target.profile else None
    return f"{budget:,} tokens" if budget else "no bound known"


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
