"""Wiring of exports on AWS: the outbox, who sends and signs, who calls the function `deliver`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from resplice.core.addresses import AllowedSource
from resplice.ports.senders import Sender
from resplice.steps.deliver.rounds import Deliverer
from resplice.wiring.exports import NO_SES, senders
from resplice.wiring.functions import FORESEEING

Client = Callable[[str], Any]


def deliverer() -> Deliverer:
    """Who tells of ends: what the function `deliver` works with."""
    from resplice.wiring import aws  # It imports this file.

    return Deliverer(aws.ports_of("deliver"), aws.setting("RESPLICE_BASE_URL"))


def outbox(table: Any) -> Any:
    from resplice.adapters.dynamodb.outbox import DynamoOutbox

    return DynamoOutbox(table)


def telling(client: Client, function: str) -> Any:
    """function: the ARN of `deliver`."""
    from resplice.adapters.lambda_.telling import LambdaTelling

    return LambdaTelling(client("lambda"), function)


def signer(client: Client, secret: str) -> Any:
    """secret: the name of the operator's key."""
    from resplice.adapters.secrets_manager.signing_secret import SigningSecret

    return SigningSecret(client("secretsmanager"), secret)


def credentials(client: Client, setting: Callable[[str], str]) -> Any:
    """RESPLICE_CREDENTIALS_SECRET: the name of the operator's certificate."""
    from resplice.adapters.content_credentials import C2paCredentials

    return C2paCredentials(signer(client, setting("RESPLICE_CREDENTIALS_SECRET")))


def credentials_lack(
    client: Client, setting: Callable[[str], str], function: str
) -> Callable[[], str | None]:
    """See Ports: of who begins movies, which may ask whether there is a certificate."""
    if function not in FORESEEING:
        return lambda: None
    secret = setting("RESPLICE_CREDENTIALS_SECRET")

    def lack() -> str | None:
        from resplice.adapters.content_credentials import NO_CERTIFICATE

        return None if signer(client, secret).is_there() else NO_CERTIFICATE

    return lack


def aws_senders(client: Client, webhook_secret: str) -> Mapping[str, Sender]:
    """webhook_secret: the name of the secret that webhooks are signed with.

    RESPLICE_ALLOWED_SOURCES: as for sources. RESPLICE_EMAIL_FROM: an identity of SES.
    """
    named = os.environ.get("RESPLICE_ALLOWED_SOURCES", "").split(",")
    allowed = frozenset(AllowedSource.parse(each) for each in named if each)

    def secret() -> bytes:
        from resplice.adapters.secrets_manager.kept_secret import kept_secret

        return kept_secret(client("secretsmanager"), webhook_secret)

    def email() -> Sender:
        from resplice.adapters.senders.email import NoMail
        from resplice.adapters.senders.ses import Ses

        sender = os.environ.get("RESPLICE_EMAIL_FROM")
        return Ses(client("sesv2"), sender) if sender else NoMail(NO_SES)

    return senders(allowed, secret, email)
