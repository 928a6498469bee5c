"""The voices of Kokoro-82M: the first letter of an id is the language, the second the sex.

From huggingface.co/hexgrad/Kokoro-82M, VOICES.md, those of the better grades first.
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.voices.catalogue.voice import Sex, Voice

LANGUAGES = {
    **{"a": "en-US", "b": "en-GB", "e": "es-ES", "f": "fr-FR", "h": "hi-IN", "i": "it-IT"},
    **{"j": "ja-JP", "p": "pt-BR", "z": "zh-CN"},
}

_GOOD = """
af_heart af_bella af_aoede af_kore af_sarah am_michael am_fenrir am_puck bf_emma bf_isabella
bm_george bm_fable ef_dora em_alex ff_siwis hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola
jf_alpha jf_gongitsune jf_tebukuro jm_kumo pf_dora pm_alex zf_xiaoxiao zf_xiaobei zf_xiaoni
zf_xiaoyi zm_yunjian zm_yunxi zm_yunxia zm_yunyang
"""
_OTHERS = """
af_alloy af_nova af_nicole af_jessica af_river af_sky am_echo am_eric am_liam am_onyx am_adam
am_santa bf_alice bf_lily bm_lewis bm_daniel em_santa jf_nezumi pm_santa
"""


def voices() -> Iterator[Voice]:
    for spare, names in ((False, _GOOD), (True, _OTHERS)):
        yield from (_voice(id, spare) for id in names.split())


def _voice(id: str, spare: bool) -> Voice:
    sex: Sex = "female" if id[1] == "f" else "male"
    return Voice("kokoro", id, id[3:].capitalize(), LANGUAGES[id[0]], sex, spare=spare)
