"""Who is asked to transcribe: the first that is offered and knows the language. Pure.

What each transcriber knows is here, so that it is decided before anything is sent, and its adapter
asks for the same code.
"""

from __future__ import annotations

from collections.abc import Iterable

from resplice.core import languages
from resplice.core.providers import Access
from resplice.frozen import frozen

TRUSTS_ITSELF = frozenset({"pocketsphinx"})
"""Those that hear words in music too: where a movie is spoken by us, they are not asked."""
WITH_WHISPER = frozenset({"openai", "whisper"})
"""Those that have the model `whisper`; with them it is `default`, too."""

_TABLES = {
    "azure": """
af-ZA am-ET ar-AE ar-BH ar-DZ ar-EG ar-IL ar-IQ ar-JO ar-KW ar-LB ar-LY ar-MA ar-OM ar-PS ar-QA
ar-SA ar-SY ar-TN ar-YE az-AZ bg-BG bn-IN bs-BA ca-ES cs-CZ cy-GB da-DK de-AT de-CH de-DE el-GR
en-AU en-CA en-GB en-GH en-HK en-IE en-IN en-KE en-NG en-NZ en-PH en-SG en-TZ en-US en-ZA es-AR
es-BO es-CL es-CO es-CR es-CU es-DO es-EC es-ES es-GQ es-GT es-HN es-MX es-NI es-PA es-PE es-PR
es-PY es-SV es-US es-UY es-VE et-EE eu-ES fa-IR fi-FI fil-PH fr-BE fr-CA fr-CH fr-FR ga-IE gl-ES
gu-IN he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS it-CH it-IT ja-JP jv-ID ka-GE kk-KZ km-KH kn-IN
ko-KR lo-LA lt-LT lv-LV mk-MK ml-IN mn-MN mr-IN ms-MY mt-MT my-MM nb-NO ne-NP nl-BE nl-NL pa-IN
pl-PL ps-AF pt-BR pt-PT ro-RO ru-RU si-LK sk-SK sl-SI so-SO sq-AL sr-RS sv-SE sw-KE sw-TZ ta-IN
te-IN th-TH tr-TR uk-UA ur-IN uz-UZ vi-VN wuu-CN yue-CN zh-CN zh-HK zh-TW zu-ZA
""",
    "elevenlabs": """
afr amh ara hye asm ast aze bel ben bos bul mya yue cat ceb nya hrv ces dan nld eng est fil fin
fra ful glg lug kat deu ell guj hau heb hin hun isl ibo ind gle ita jpn jav kea kan kaz khm kor
kur kir lao lav lin lit luo ltz mkd msa mal mlt zho mri mar mon nep nso nor oci ori pus fas pol
por pan ron rus srp sna snd slk slv som spa swa swe tam tgk tel tha tur ukr umb urd uzb vie cym
wol xho zul
""",
    "openai": """
af ar hy az be bs bg ca zh hr cs da nl en et fi fr gl de el he hi hu is id it ja kn kk ko lv lt
mk ms mr mi ne no fa pl pt ro ru sr sk sl es sw sv tl ta th tr uk ur vi cy
""",
    "amazon-transcribe": """
af-ZA ar-AE ar-SA am-ET cy-GB da-DK de-CH de-DE en-AB en-AU en-GB en-IE en-IN en-US en-WL es-ES
es-MX es-US fa-AF fa-IR fr-CA fr-FR ga-IE gd-GB he-IL hi-IN ht-HT id-ID it-IT ja-JP jv-ID km-KH
ko-KR my-MM ms-MY nl-NL pt-BR pt-PT ru-RU ta-IN te-IN tr-TR zh-CN zh-TW th-TH en-ZA en-NZ vi-VN
sv-SE ab-GE ast-ES az-AZ ba-RU be-BY bg-BG bn-IN bs-BA ca-ES ckb-IQ ckb-IR cs-CZ el-GR et-EE
eu-ES fi-FI gl-ES gu-IN ha-NG hr-HR hu-HU hy-AM is-IS ka-GE kab-DZ kk-KZ kn-IN ky-KG lg-IN lt-LT
lv-LV mhr-RU mi-NZ mk-MK ml-IN mn-MN mr-IN mt-MT no-NO ne-NP or-IN pa-IN pl-PL ps-AF ro-RO rw-RW
si-LK sk-SK sl-SI so-SO sq-AL sr-RS su-ID sw-BI sw-KE sw-RW sw-TZ sw-UG tl-PH tt-RU ug-CN uk-UA
uz-UZ wo-SN zh-HK zu-ZA
""",
    "whisper": """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi
hr ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn
no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi
yi yo zh yue
""",
    "pocketsphinx": "en",
}
CODES = {provider: tuple(codes.split()) for provider, codes in _TABLES.items()}
"""The languages of each transcriber, as it writes them. Sources:

azure              https://learn.microsoft.com/azure/ai-services/speech-service/language-support?tabs=stt
elevenlabs         https://elevenlabs.io/docs/overview/capabilities/speech-to-text (ISO 639-3)
openai             https://platform.openai.com/docs/guides/speech-to-text (those that it lists)
amazon-transcribe  https://docs.aws.amazon.com/transcribe/latest/dg/supported-languages.html
whisper            https://github.com/openai/whisper/blob/main/whisper/tokenizer.py
"""


@frozen
class Listener:
    """Who listens, and with which model."""

    access: Access
    model: str


def listener(language: str, model: str, offered: Iterable[Access]) -> Listener | None:
    """language: BCP-47 or `auto`. model: `default` or `whisper`; where nobody has the one that is
    wanted, the other is taken. None when nobody knows the language.
    """
    ways = tuple(offered)
    for name in (model, "default"):
        for each in ways:
            if knows(each.provider, language, name):
                return Listener(each, name)
    return None


def knows(provider: str, language: str, model: str) -> bool:
    """`auto` is known to all: who listens finds out, or takes it for the one language it knows."""
    models = ("default", "whisper") if provider in WITH_WHISPER else ("default",)
    auto = language.lower() == languages.AUTO
    return model in models and (auto or languages.known(language, CODES[provider]) is not None)
