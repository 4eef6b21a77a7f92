"""An export: rollouts of a folder in, a file of rows and its data card out."""

from collections.abc import Iterator
from pathlib import Path

from aurelia.bench.generate.sessions import lost_calls
from aurelia.bench.rollouts import Rollouts
from aurelia.bench.rstar_export.card import Counted, make_card
from aurelia.bench.rstar_export.rows import RStarRow, make_row
from aurelia.bench.rstar_export.written import ExportFormat, format_of, write_rows
from aurelia.errors import InputError
from aurelia.types.reasoning import RStarForm


def export(
    rollouts: Rollouts,
    output: Path,
    file_format: ExportFormat | None = None,
    form: RStarForm | None = None,
    *,
    all_rollouts: bool = False,
) -> Counted:
    """Write r* of the rollouts of a folder, and a card beside it; one row is held at a time.

    Args:
        rollouts: of `open_rollouts`.
        output: the file.
        file_format: `jsonl`, `parquet` or `avrt`; None: as the file's ending says.
        form: of r*; None: the form that each rollout was made with.
        all_rollouts: also the best pass of rollouts that were not accepted.

    Raises:
        InputError: the format is not told or contradicted, nothing is to be exported, a line is
            damaged, or the place can't be written.
        MissingExtra: parquet is asked for, and pyarrow is not installed.
    """
    chosen = format_of(output, file_format)
    if not len(rollouts):
        raise InputError(f"{rollouts.folder} holds no finished rollout yet.")
    counted = Counted()

    def rows() -> Iterator[RStarRow]:
        # In the order of their keys: two runs over the same samples give files that compare.
        for key in sorted(rollouts.keys):
            line = rollouts.line(key)
            if line is None:
                continue
            row = make_row(line, form, all_rollouts=all_rollouts)
            if isinstance(row, str):
                counted.left_out[row] += 1
            else:
                counted.add(row)
                yield row

    write_rows(output, rows(), chosen)
    card = make_card(counted, rollouts.manifest, output, lost_calls(rollouts.folder))
    try:
        card_path(output).write_text(card, "utf-8", errors="backslashreplace")
    except OSError as error:
        raise InputError(
            f"{card_path(output)} can't be written: {error.strerror or error}."
        ) from error
    return counted


def card_path(output: Path) -> Path:
    """Where the card of an exported file stands: `r_star.jsonl` has `r_star.jsonl.card.md`,
    so that a parquet file of the same name keeps its own."""
    return output.with_name(f"{output.name}.card.md")
