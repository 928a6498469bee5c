"""Azure Speech's text to speech, as documented:
https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from provider_servers.speaking import Asked, Handler, SpeakingServer, tone

SPEAK = "{http://www.w3.org/2001/10/synthesis}"
XML = "{http://www.w3.org/XML/1998/namespace}"
VOICES = ("en-US-JennyNeural", "de-DE-KatjaNeural", "zh-CN-XiaoxiaoNeural")


class AzureSpeechServer(SpeakingServer):
    """documents: the markup of each request that was spoken, as it was parsed."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.documents: list[ElementTree.Element] = []

    def answer(self, to: Handler, asked: Asked) -> None:
        if asked.headers.get("ocp-apim-subscription-key") != self.key:
            told = {"code": "401", "message": "Access denied due to invalid subscription key."}
            return to.give_json(401, {"error": told})
        if (asked.method, asked.path) != ("POST", "/cognitiveservices/v1"):
            return to.give(404, b"Resource not found", "text/plain")
        if asked.headers.get("content-type") != "application/ssml+xml":
            return to.give(415, b"Unsupported media type", "text/plain")
        wanted = asked.headers.get("x-microsoft-outputformat")
        if wanted != "riff-48khz-16bit-mono-pcm" or not asked.headers.get("user-agent"):
            return to.give(400, b"A required header is missing or not supported", "text/plain")
        return self._speak(to, asked.body.decode())

    def _speak(self, to: Handler, document: str) -> None:
        try:
            root = ElementTree.fromstring(document)
        except ElementTree.ParseError:
            return to.give(400, b"Invalid SSML syntax", "text/plain")
        voices = [voice.get("name") for voice in root.iter(f"{SPEAK}voice")]
        if root.tag != f"{SPEAK}speak" or not voices or not root.get(f"{XML}lang"):
            return to.give(400, b"SSML without speak, voice or language", "text/plain")
        if root.get("version") != "1.0" or not set(voices) <= set(VOICES):
            return to.give(400, f"Unsupported voice {voices[0]}.".encode(), "text/plain")
        self.documents.append(root)
        paid = re.sub(r"</?(?:speak|voice)\b[^>]*>", "", document)
        self.characters += sum(2 if "\u4e00" <= letter <= "\u9fff" else 1 for letter in paid)
        return to.give(200, tone("wav"), "audio/x-wav")
