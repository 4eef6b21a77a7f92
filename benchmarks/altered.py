"""Whether the rendered benchmark's figures survive changed files.

`python benchmarks/altered.py [clips a family] [seed] [family …]` runs the same held-out samples
unchanged and with files that were recoded (smaller, fewer frames, a quarter of the bits), renamed,
sung 3 % higher, and delayed by 0.7 s, and prints the figures side by side. Needs no network.
"""

import sys

from altered_clips import CHANGES, Altered

from aurelia.bench.mechanism.run import run_mechanism


def main(count: int, seed: int, families: list[str]) -> None:
    """Run and print one line for each change."""
    print(f"{count} clean held-out clips a family, seed {seed}; the target is deaf\n")
    print("files      zero-shot    r*  lower  gain lower  true rejected  corrupted rejected")
    for change in CHANGES:
        report = run_mechanism(
            count,
            seed,
            families=families or None,
            difficulties=("clean",),
            source=Altered(change),
        )
        all_, critic = report.pooled["clean"], report.critic
        print(
            f"{change:<10} {all_.zero_shot:9.2f} {all_.distilled:5.2f} {all_.distilled_lower:6.2f}"
            f" {all_.gain_lower:+11.2f} {critic.true_rejected or 0:14.2f}"
            f" {critic.corrupted_rejected or 0:19.2f}"
            + (f"   {len(report.failures)} failed" if report.failures else ""),
            flush=True,
        )


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 10,
        int(sys.argv[2]) if len(sys.argv) > 2 else 0,
        sys.argv[3:],
    )
