"""Answers about cuts, rises of the level, light, loudness and beat."""

from aurelia.models.offline.found import Found, Untold, stretch, yes_no
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.known import Known
from aurelia.models.offline.notes import listed, seconds


def find_cuts(intent: Intent, known: Known) -> Found | Untold:
    if known.cut_count is None:
        return Untold("Nothing tells whether there are cuts.")
    count = known.cut_count
    if intent.kind == "cuts_count":
        value = count + 1 if intent.negative else count
        return Found("count", float(value), str(value))
    if intent.kind == "cuts_when":
        if not count:
            return Found("word", "none", "There is no hard cut.")
        if known.cuts is None:
            return Untold("The times of the cuts are not known.")
        if intent.nth is not None:
            place = len(known.cuts) if intent.nth < 0 else intent.nth
            if place > len(known.cuts):
                return Untold(f"There is no such cut: the number of cuts is {count}.")
            at = known.cuts[place - 1]
            return Found("times", [at], f"At {seconds(at)}", tolerance=0.1)
        return Found(
            "times", known.cuts, f"At {listed([seconds(t) for t in known.cuts])}", tolerance=0.1
        )
    if intent.start_s is None or intent.end_s is None:
        return yes_no(count > 0, "There are hard cuts." if count else "There is no hard cut.")
    if known.cuts is None:
        return Untold("The times of the cuts are not known.")
    inside = [t for t in known.cuts if intent.start_s - 0.2 <= t <= intent.end_s + 0.2]
    return yes_no(bool(inside), "")


def find_jumps(intent: Intent, known: Known) -> Found | Untold:
    if known.sound.some is False:
        return Found("word", "none", "There is no sound.")
    if intent.kind == "jumps_count" and known.jump_count is not None:
        return Found("count", float(known.jump_count), str(known.jump_count))
    if known.jumps is None:
        return Untold("Nothing tells when the level rises.")
    if not known.jumps:
        return Found("word", "none", "The level never jumps up.")
    text = f"At {listed([seconds(t) for t in known.jumps])}"
    return Found("times", known.jumps, text, tolerance=0.1)


def find_light(intent: Intent, known: Known) -> Found | Untold:
    if known.luma is None:
        return Untold("Nothing tells how light the picture is.")
    if intent.kind == "light_mean":
        if intent.claim:
            return yes_no(known.luma == intent.claim, "")
        word = {"medium": "Of medium brightness"}.get(known.luma, known.luma.capitalize())
        return Found("word", known.luma, word)
    if intent.kind == "light_when":
        if not known.light_steps:
            return Found("word", "none", "The brightness never changes suddenly.")
        times = [t for t, _ in known.light_steps]
        return Found("times", times, f"At {listed([seconds(t) for t in times])}", tolerance=0.3)
    change = known.light_change
    if change is None:
        return Untold("How the brightness changes is not known.")
    if intent.claim:
        steps = bool(known.light_steps)
        yes = change == intent.claim or (intent.claim == "change" and (change != "same" or steps))
        return yes_no(yes, "")
    text = {"same": "It stays about the same", "brighter": "It gets brighter"}
    return Found("word", change, text.get(change, "It gets darker"))


def find_loudness_or_tempo(intent: Intent, known: Known) -> Found | Untold:
    if intent.kind == "tempo":
        if known.tempo is not None:
            text = f"About {known.tempo:.0f} beats per minute"
            return Found("number", known.tempo, text, tolerance=0.04 * known.tempo)
        if known.no_tempo or known.sound.some is False:
            return Found("word", "none", "No clear tempo can be measured.")
        return Untold("Nothing tells the tempo.")
    if known.sound.some is False:
        return Found("word", "none", "There is no sound.")
    if intent.kind == "level":
        if known.level is None:
            return Untold("Nothing tells how loud the sound is.")
        return Found("number", known.level, f"{known.level:.0f} dBFS on average", tolerance=2.0)
    if intent.kind == "loudest_when":
        if not known.loudest:
            return Untold("No single moment is known to be the loudest.")
        named = [
            f"around {seconds(s.start_s)}" if s.length_s == 0 else stretch([s])
            for s in known.loudest
        ]
        text = listed(named)
        return Found("times", known.loudest, text[0].upper() + text[1:], tolerance=0.4)
    if known.trend is None:
        return Untold("How the loudness changes is not known.")
    if intent.claim:
        return yes_no(known.trend == intent.claim, "")
    words = {
        "louder": "It gets louder: the second half is louder",
        "quieter": "It gets quieter: the first half is louder",
    }
    return Found("word", known.trend, words.get(known.trend, "Both halves are about equally loud"))
