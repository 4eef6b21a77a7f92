"""How many instruments play, the critic's way: notes as they begin, clustered by pitch."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.heard_types import Sources
from aurelia.media.labels.sources_again_onsets import beginnings

LEAST = 0.1
W = 7.7
NEAR = 3.0


def groups_of(p, w):
    order = np.argsort(p)
    p, w = p[order], w[order]
    tot = w.sum()
    out = []
    left = np.ones(len(p), bool)
    while left.any():
        best = max(((w[left & (p >= a) & (p <= a + W)].sum(), -a) for a in p[left]))
        a = -best[1]
        m = left & (p >= a) & (p <= a + W)
        if best[0] < LEAST * tot or m.sum() < 3:
            break
        lo, hi = p[m].min(), p[m].max()
        out.append((lo, hi, best[0] / tot, int(m.sum())))
        left &= ~((p > lo - NEAR) & (p < hi + NEAR))
    return sorted(out)


def count_sources_again(samples: NDArray[np.float32], rate: int) -> Sources | None:
    found = beginnings(samples, rate)
    if len(found) < 4:
        return None
    p = np.array([69 + 12 * np.log2(b.hertz / 440) for b in found])
    w = np.sqrt(np.array([b.size for b in found]))
    g = groups_of(p, w)
    return Sources(len(g), tuple(f"{a:.0f}-{b:.0f}:{n}:{s:.2f}" for a, b, s, n in g), 0.5)
