"""`aurelia recritique`: another critic on captions that are recorded already."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aurelia.cli.role_options import Critic, Panel, Summarizer

if TYPE_CHECKING:
    from aurelia.bench.recritique.run import Bounds
    from aurelia.bench.recritique.sources import Source
    from aurelia.bench.recritique.wish import Wish

_MOST_NAMED = 5


def recritique(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUNS...", help="A folder of rollouts, or saved runs: folders, files or ids."
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Where new records are kept.")
    ],
    critic: Critic = None,
    panel: Panel = None,
    no_panel: Annotated[
        bool, typer.Option("--no-panel", help="Leave out the recorded panel.")
    ] = False,
    summarizer: Summarizer = None,
    prompts: Annotated[
        str | None,
        typer.Option(metavar="SET_OR_DIR", help="Other prompts for critic and summarizer."),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the clips are, if no longer where they were."),
    ] = None,
    at_once: Annotated[
        int, typer.Option("-j", "--at-once", metavar="N", min=1, help="Runs under way.")
    ] = 8,
    max_cost: Annotated[
        float | None,
        typer.Option(metavar="USD", min=0, help="Begin no more once all have cost this much."),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Judge again what failed.")
    ] = False,
    give_up_after: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, help="Stop when the models of so many in a row failed; 0: never."
        ),
    ] = 50,
) -> None:
    """Ask the downstream roles alone once more, and keep the actor's recorded steps.

    The same command goes on after a kill or Ctrl-C, and pays for no recorded reply again.
    """
    from aurelia.bench.recritique.run import Bounds
    from aurelia.bench.recritique.sources import open_source
    from aurelia.bench.recritique.wish import Wish
    from aurelia.errors import InputError
    from aurelia.settings import load_settings

    if panel and no_panel:
        raise InputError("--panel and --no-panel contradict each other; give one of them.")
    wish = Wish(
        critic=critic,
        panel=() if no_panel else tuple(panel) if panel else None,
        summarizer=summarizer,
        prompts=prompts,
    )
    wish.check()
    source = open_source(runs, load_settings().runs_dir)
    bounds = Bounds(at_once, max_cost, give_up_after, retry_failed)
    _run(source, wish, output, bounds, clips, runs)


def _run(
    source: "Source",
    wish: "Wish",
    folder: Path,
    bounds: "Bounds",
    clips: Path | None,
    runs: list[str],
) -> None:
    """Judge with a bar, say what came of it, and leave with the exit code."""
    import signal

    from aurelia.bench.lines import named
    from aurelia.bench.recritique.run import recritique as judge_anew
    from aurelia.bench.rollouts import RolloutLine
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.console import open_console
    from aurelia.cli.exits import FAILED, INTERRUPTED
    from aurelia.cli.generate_view import progress_of
    from aurelia.cli.plain import clean, count
    from aurelia.cli.rows import Row, command_row, field_row, show

    failures: list[str] = []
    done = 0

    # What ends a job on a cluster; it is to end as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with progress("runs") as tell:

        def on_line(line: RolloutLine, finished: int, total: int) -> None:
            nonlocal done
            done = finished
            if line.stop_reason == "failed":
                failures.append(f"{named(line.key)}: {line.error}")
            tell(finished, total)

        try:
            ended = judge_anew(source, wish, folder, bounds, clips=clips, on_line=on_line)
        except KeyboardInterrupt:
            typer.echo(
                f"aurelia: interrupted; {done:,} of {len(source.keys):,} are in "
                f"{clean(str(folder))}, and the same command goes on",
                err=True,
            )
            raise typer.Exit(INTERRUPTED) from None
        finally:
            signal.signal(signal.SIGTERM, before)
    tally, place = ended.tally, clean(str(folder))
    rows: list[Row] = [
        field_row("Judged", f"{tally.done:,} of {ended.wanted:,} runs in {place}"),
        field_row("Ended", progress_of(tally)),
        field_row("New calls", f"{tally.calls:,}, {tally.cached:,} of them served"),
    ]
    if ended.session.cut_off:
        lost = count(ended.session.lost_calls, "call")
        said = f"the command before did not end; {lost} without a reply may have been paid for"
        rows.append(field_row("Cut off", said, "yellow"))
    moved = ", ".join(f"{n:,} {change}" for change, n in sorted(ended.changed.items()))
    rows.append(field_row("Changed", moved or "no outcome"))
    if ended.why == "budget":
        rows.append(field_row("Stopped", "--max-cost is spent; the rest was not begun", "yellow"))
    if ended.why == "failures":
        rows.append(field_row("Stopped", "the models failed too often in a row", "yellow"))
    rows += [field_row("Failed", clean(text), "yellow") for text in failures[:_MOST_NAMED]]
    if len(failures) > _MOST_NAMED:
        rows.append(
            field_row("Failed", f"{count(len(failures) - _MOST_NAMED, 'more run')}", "yellow")
        )
    first = clean(runs[0]) if len(runs) == 1 else "DIR"
    compare = f"aurelia bench analyse {first} --against {place} --samples SAMPLES.jsonl"
    show(open_console(), [*rows, command_row("Compare", compare)])
    if tally.done < ended.wanted or tally.outcomes["failed"] == tally.done:
        raise typer.Exit(FAILED)
