"""The voices that ElevenLabs has for everybody, by the names that people call them.

https://elevenlabs.io/docs/capabilities/voices
"""

from __future__ import annotations

STOCK = {
    name.lower(): id
    for name, id in (
        ("Adam", "pNInz6obpgDQGcFmaJgB"),
        ("Alice", "Xb7hH8MSUJpSbSDYk0k2"),
        ("Antoni", "ErXwobaYiN019PkySvjV"),
        ("Aria", "9BWtsMINqrJLrRacOk9x"),
        ("Arnold", "VR6AewLTigWG4xSOukaG"),
        ("Bella", "EXAVITQu4vr4xnSDxMaL"),
        ("Bill", "pqHfZKP75CvOlQylNhV4"),
        ("Brian", "nPczCjzI2devNBz1zQrb"),
        ("Callum", "N2lVS1w4EtoT3dr4eOWO"),
        ("Charlie", "IKne3meq5aSn9XLyUdCD"),
        ("Charlotte", "XB0fDUnXU5powFXDhCwa"),
        ("Chris", "iP95p4xoKVk53GoZ742B"),
        ("Clyde", "2EiwWnXFnvU5JabPnv8n"),
        ("Daniel", "onwK4e9ZLuTAKqWW03F9"),
        ("Dave", "CYw3kZ02Hs0563khs1Fj"),
        ("Domi", "AZnzlk1XvdvUeBnXmlld"),
        ("Dorothy", "ThT5KcBeYPX3keUQqHPh"),
        ("Drew", "29vD33N1CtxCmqQRPOHJ"),
        ("Elli", "MF3mGyEYCl7XYWbV9V6O"),
        ("Emily", "LcfcDJNUP1GQjkzn1xUU"),
        ("Eric", "cjVigY5qzO86Huf0OWal"),
        ("Ethan", "g5CIjZEefAph4nQFvHAz"),
        ("Fin", "D38z5RcWu1voky8WS1ja"),
        ("Freya", "jsCqWAovK2LkecY7zXl4"),
        ("George", "JBFqnCBsd6RMkjVDRZzb"),
        ("Gigi", "jBpfuIE2acCO8z3wKNLl"),
        ("Giovanni", "zcAOhNBS3c14rBihAFp1"),
        ("Glinda", "z9fAnlkpzviPz146aGWa"),
        ("Grace", "oWAxZDx7w5VEj9dCyTzz"),
        ("Harry", "SOYHLrjzK2X1ezoPC6cr"),
        ("James", "ZQe5CZNOzWyzPSCn5a3c"),
        ("Jeremy", "bVMeCyTHy58xNoL34h3p"),
        ("Jessica", "cgSgspJ2msm6clMCkdW9"),
        ("Jessie", "t0jbNlBVZ17f02VDIeMI"),
        ("Joseph", "Zlb1dXrM653N07WRdFW3"),
        ("Josh", "TxGEqnHWrfWFTfGW9XjX"),
        ("Laura", "FGY2WhTYpPnrIDTdsKH5"),
        ("Liam", "TX3LPaxmHKxFdv7VOQHJ"),
        ("Lily", "pFZP5JQG7iQjIQuC4Bku"),
        ("Matilda", "XrExE9yKIg1WjnnlVkGX"),
        ("Michael", "flq6f7yk4E4fJM5XTYuZ"),
        ("Mimi", "zrHiDhphv9ZnVXBqCLjz"),
        ("Nicole", "piTKgcLEGmPE4e6mEKli"),
        ("Patrick", "ODq5zmih8GrVes37Dizd"),
        ("Paul", "5Q0t7uMcjvnagumLfvZi"),
        ("Rachel", "21m00Tcm4TlvDq8ikWAM"),
        ("River", "SAz9YHcvj6GT2YYXdXww"),
        ("Roger", "CwhRBWXzGAHq8TQ4Fs17"),
        ("Sam", "yoZ06aMxZJJ28mfd3POQ"),
        ("Sarah", "EXAVITQu4vr4xnSDxMaL"),
        ("Serena", "pMsXgVXv3BLzUgSXRplE"),
        ("Thomas", "GBv7mTt0atIp3Br8iCZE"),
        ("Will", "bIHbv24MWmeRgasZH58o"),
    )
}
"""Ids by names in lower case."""
