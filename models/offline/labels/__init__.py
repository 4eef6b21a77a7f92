"""Questions and claims about what things are: named sounds, objects, counts, places, moods."""
