"""The development set: what perception may be tuned on."""

from aurelia.bench.rendered import development_music as music
from aurelia.bench.rendered import development_pictures as pictures
from aurelia.bench.rendered import development_sounds as sounds
from aurelia.bench.rendered import development_words as words
from aurelia.bench.rendered.appearance import Appearance, Encoding

DEVELOPMENT = Appearance(
    name="dev",
    sounds=sounds.SOUNDS,
    shades=pictures.SHADES,
    flag_shades=pictures.FLAG_SHADES,
    object_shade=0.0,
    ground=pictures.ground,
    letters=pictures.letters,
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
    captions_at=(0.09, 0.88),
    boards=(((20, 110, 70), (245, 245, 245)), ((30, 70, 150), (245, 245, 245))),
    flags=words.FLAGS,
    cities=words.CITIES,
    wording=words.WORDING,
    encodings=(Encoding("veryfast", None, "160k"), Encoding("ultrafast", "900k", "200k")),
)
