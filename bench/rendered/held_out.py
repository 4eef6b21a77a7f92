"""The held-out set: perception has never been tuned on it."""

from aurelia.bench.rendered import held_out_letters as letters
from aurelia.bench.rendered import held_out_music as music
from aurelia.bench.rendered import held_out_pictures as pictures
from aurelia.bench.rendered import held_out_sounds as sounds
from aurelia.bench.rendered import held_out_words as words
from aurelia.bench.rendered.appearance import Appearance, Encoding

HELD_OUT = Appearance(
    name="held_out",
    sounds=sounds.SOUNDS,
    shades=pictures.SHADES,
    flag_shades=pictures.FLAG_SHADES,
    object_shade=0.25,
    ground=pictures.ground,
    letters=letters.letters,
    instruments=pictures.INSTRUMENTS,
    timbres=sounds.TIMBRES,
    percussion=sounds.percussion,
    figures=pictures.FIGURES,
    groove=music.groove,
    mood_music=music.mood_music,
    scenery=pictures.scenery,
    backing=sounds.backing,
    cheerful=words.CHEERFUL,
    gloomy=words.GLOOMY,
    captions_at=(0.93, 0.13),
    boards=(((238, 238, 232), (24, 24, 28)), ((244, 206, 60), (20, 20, 22))),
    flags=words.FLAGS,
    cities=words.CITIES,
    wording=words.WORDING,
    encodings=(Encoding("superfast", "500k", "180k"), Encoding("faster", None, "130k")),
)
