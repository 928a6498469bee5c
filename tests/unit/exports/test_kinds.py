"""The table of kinds: every name in it is one that documents and connections know."""

from __future__ import annotations

from resplice.core.exports.kinds import KINDS, SECRETS
from resplice.core.exports.model import Destination
from resplice.core.providers import PROVIDERS, does


def test_every_field_of_a_kind_is_one_of_documents_but_what_only_connections_hold() -> None:
    known = {field.alias or name for name, field in Destination.model_fields.items()}
    for name, kind in KINDS.items():
        own = {*kind.needs, *kind.takes}
        assert kind.name == name and own - known <= {"authorization"}
        assert {*kind.secrets, *kind.free, *dict(kind.defaults)} <= own
        assert kind.where in own
    assert {"authorization", "password", "secret-key"} == SECRETS


def test_a_connection_says_what_its_kind_knows_and_holds_its_secrets() -> None:
    kinds = {name for name in PROVIDERS if does(name, "exports")}
    assert kinds == {*KINDS} - {"email"}
    for name in kinds:
        kind = KINDS[name]
        assert PROVIDERS[name].secrets == kind.secrets
        assert {*PROVIDERS[name].settings} <= {*kind.needs, *kind.takes} - {*kind.secrets}


def test_a_document_cannot_choose_where_a_connections_secret_goes() -> None:
    for kind in KINDS.values():
        places = {"endpoint", "host", "port", "bucket", "region", "username", "secure", "host-key"}
        assert not places & {*kind.free}
