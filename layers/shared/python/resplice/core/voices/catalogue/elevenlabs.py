"""The stock voices of ElevenLabs, and what its models speak.

From elevenlabs.io/docs/product-guides/voices/default-voices and elevenlabs.io/docs/models. Each
speaks every language of the model; the locale is its accent in English.
"""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.voices.catalogue.voice import Voice, listed

MULTILINGUAL, FLASH, V3 = "eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_v3"

_V2 = "en ja zh de hi fr ko pt it es id nl tr fil pl sv bg ro ar cs el fi hr ms sk da ta uk ru"
LANGUAGES: dict[str, frozenset[str] | None] = {
    MULTILINGUAL: frozenset(_V2.split()),
    FLASH: frozenset([*_V2.split(), "hu", "nb", "vi"]),
    V3: None,
}
"""A model to the languages that it speaks; None: it is asked whatever the language is."""

_TODAY = """
en-US: Sarah.EXAVITQu4vr4xnSDxMaL Laura.FGY2WhTYpPnrIDTdsKH5 Jessica.cgSgspJ2msm6clMCkdW9
  Matilda.XrExE9yKIg1WjnnlVkGX Bella.hpp4J3VqNfWAUOO0d1Us /
  Brian.nPczCjzI2devNBz1zQrb Adam.pNInz6obpgDQGcFmaJgB Eric.cjVigY5qzO86Huf0OWal
  Chris.iP95p4xoKVk53GoZ742B Roger.CwhRBWXzGAHq8TQ4Fs17 Liam.TX3LPaxmHKxFdv7VOQHJ
  Will.bIHbv24MWmeRgasZH58o Bill.pqHfZKP75CvOlQylNhV4 Callum.N2lVS1w4EtoT3dr4eOWO
  Harry.SOYHLrjzK2X1ezoPC6cr / River.SAz9YHcvj6GT2YYXdXww
en-GB: Alice.Xb7hH8MSUJpSbSDYk0k2 Lily.pFZP5JQG7iQjIQuC4Bku /
  George.JBFqnCBsd6RMkjVDRZzb Daniel.onwK4e9ZLuTAKqWW03F9
en-AU: / Charlie.IKne3meq5aSn9XLyUdCD
"""
_EARLIER = """
en-US: Rachel.21m00Tcm4TlvDq8ikWAM Aria.9BWtsMINqrJLrRacOk9x Domi.AZnzlk1XvdvUeBnXmlld
  Emily.LcfcDJNUP1GQjkzn1xUU Elli.MF3mGyEYCl7XYWbV9V6O Gigi.jBpfuIE2acCO8z3wKNLl
  Freya.jsCqWAovK2LkecY7zXl4 Grace.oWAxZDx7w5VEj9dCyTzz Serena.pMsXgVXv3BLzUgSXRplE
  Nicole.piTKgcLEGmPE4e6mEKli Glinda.z9fAnlkpzviPz146aGWa Charlotte.XB0fDUnXU5powFXDhCwa
  Mimi.zrHiDhphv9ZnVXBqCLjz / Drew.29vD33N1CtxCmqQRPOHJ Clyde.2EiwWnXFnvU5JabPnv8n
  Paul.5Q0t7uMcjvnagumLfvZi Antoni.ErXwobaYiN019PkySvjV Thomas.GBv7mTt0atIp3Br8iCZE
  Patrick.ODq5zmih8GrVes37Dizd Josh.TxGEqnHWrfWFTfGW9XjX Arnold.VR6AewLTigWG4xSOukaG
  Jeremy.bVMeCyTHy58xNoL34h3p Michael.flq6f7yk4E4fJM5XTYuZ Ethan.g5CIjZEefAph4nQFvHAz
  Jessie.t0jbNlBVZ17f02VDIeMI Sam.yoZ06aMxZJJ28mfd3POQ Giovanni.zcAOhNBS3c14rBihAFp1
en-GB: Dorothy.ThT5KcBeYPX3keUQqHPh / Dave.CYw3kZ02Hs0563khs1Fj Joseph.Zlb1dXrM653N07WRdFW3
en-AU: / James.ZQe5CZNOzWyzPSCn5a3c
en-IE: / Fin.D38z5RcWu1voky8WS1ja
"""


def voices() -> Iterator[Voice]:
    for spare, table in ((False, _TODAY), (True, _EARLIER)):
        for accent, sex, entry in listed(table):
            name, _, id = entry.partition(".")
            yield Voice("elevenlabs", id, name, accent, sex, spare=spare, polyglot=True)
