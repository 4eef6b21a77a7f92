"""The critic's sirens, and the lag at which a sound repeats best."""

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import butter, sosfilt

from aurelia.media.labels.events_again_bands import Band, Samples, Values
from aurelia.media.labels.events_again_tones import Claim
from aurelia.media.measure_spans import runs


def pitch_lags(
    samples: Samples,
    rate: int,
    low: float,
    high: float,
    frame_s: float,
    through: tuple[float, float],
) -> tuple[Values, Values]:
    """The pitch that a normalised autocorrelation finds every 10 ms, and how clear it is.

    Args:
        samples: mono.
        rate: samples a second.
        low: lowest pitch, Hz.
        high: highest pitch, Hz.
        frame_s: length that is compared with itself.
        through: the band of the sound that is listened to, Hz.
    """
    passed = sosfilt(butter(2, through, "bandpass", fs=rate, output="sos"), samples)
    size, hop = round(frame_s * rate), round(0.01 * rate)
    padded = np.pad(passed, (size // 2, size // 2 + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    least, most = int(rate / high), int(np.ceil(rate / low)) + 2
    pitch, clear = np.zeros(len(frames)), np.zeros(len(frames))
    long = 1 << int(np.ceil(np.log2(size + most)))
    taper = np.hanning(size)
    shape = np.fft.irfft(np.abs(np.fft.rfft(taper, long)) ** 2)[: most + 1]
    for first in range(0, len(frames), 2048):
        part = frames[first : first + 2048] * taper
        same = np.fft.irfft(np.abs(np.fft.rfft(part, long, axis=1)) ** 2, axis=1)[:, : most + 1]
        same = same / np.maximum(same[:, :1], 1e-9) / (shape / shape[0])
        inner = same[:, least:most]
        peak = (inner >= same[:, least - 1 : most - 1]) & (inner >= same[:, least + 1 : most + 1])
        inner = np.where(peak, inner, 0.0)
        best = inner.max(axis=1)
        at = np.argmax(inner >= 0.9 * best[:, None], axis=1)
        rows = np.arange(len(part))
        left, here, right = (same[rows, least + at + k] for k in (-1, 0, 1))
        bend = np.minimum(left - 2 * here + right, -1e-9)
        shift = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
        pitch[first : first + 2048] = rate / (least + at + shift)
        clear[first : first + 2048] = best
    return pitch, clear


def sirens(samples: Samples, rate: int, bands: list[Band]) -> list[Claim]:
    """A clear pitch that keeps moving, up and down by turns."""
    pitch, clear = pitch_lags(samples, rate, 350.0, 1750.0, 0.032, (280.0, 3850.0))
    loud = np.max([b.excess for b in bands if b.low > 250 and b.high < 2600], axis=0)[::2]
    count = min(len(pitch), len(loud))
    pitch, clear, loud = pitch[:count], clear[:count], loud[:count]
    good = (clear >= 0.7) & (loud >= 8)
    octaves = np.log2(median_filter(pitch, 5))
    claims = []
    calm = np.abs(np.diff(octaves, prepend=octaves[0])) < 0.17
    flags = good & calm
    for first, past in runs(flags):  # a short break, as by another sound, is bridged
        if past < count and past - first >= 8:
            ahead = np.flatnonzero(flags[past : past + 22])
            if (
                len(ahead)
                and abs(octaves[past + ahead[0]] - octaves[past - 1]) < 0.02 * ahead[0] + 0.1
            ):
                flags[past : past + ahead[0]] = True
                steps = np.arange(1, ahead[0] + 1) / (ahead[0] + 1)
                edge = octaves[past + ahead[0]]
                octaves[past : past + ahead[0]] = (
                    octaves[past - 1] + (edge - octaves[past - 1]) * steps
                )
    for first, past in runs(flags):
        if past - first < 72:
            continue
        claim = _gliding(octaves[first:past], float(clear[first:past].mean()), first)
        if claim is not None:
            claims.append(claim)
    return claims


def _gliding(octaves: Values, clear: float, first: int) -> Claim | None:
    curve = uniform_filter1d(octaves, 7)
    extent = float(np.percentile(curve, 96) - np.percentile(curve, 4))
    if not 0.18 <= extent <= 1.9:
        return None
    # Going up and coming down: both take a good share of the way.
    moves = np.diff(curve)
    up, down = float(moves[moves > 0].sum()), float(-moves[moves < 0].sum())
    way = up + down
    if min(up, down) < 0.2 * extent or way / extent / 2 / (len(curve) / 100) > 2.9:
        return None
    resting = float((np.abs(moves) < 0.12 * np.percentile(np.abs(moves), 90)).mean())
    if resting > 0.4 or way / extent < 1.2:
        return None
    sure = float(np.clip(0.55 + 0.3 * clear + 0.2 * min(extent, 0.6) - 0.3 * resting, 0.5, 0.95))
    return Claim(first / 100, (first + len(curve)) / 100, "siren", sure)
