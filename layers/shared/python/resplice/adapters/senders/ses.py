"""E-mail by Amazon SES: the same letter as over SMTP."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from resplice.adapters.senders.email import letter
from resplice.errors import DeliveryFailed, DeliveryRefused
from resplice.ports.senders import Parcel

FOR_GOOD = ("MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException")


class Ses:
    """Implements ports.senders.Sender. client: of SES v2; sender: an identity that is verified."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, parcel: Parcel, seconds: float) -> None:
        made = letter(parcel, self._sender)
        try:
            self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [each.strip() for each in made["To"].split(",")]},
                Content={"Raw": {"Data": made.as_bytes()}},
            )
        except ClientError as error:
            code = str(error.response["Error"].get("Code"))
            kind = DeliveryRefused if code in FOR_GOOD else DeliveryFailed
            raise kind(f"SES refuses ({code})") from None
        except BotoCoreError as error:
            raise DeliveryFailed(f"SES cannot be reached ({type(error).__name__})") from None
