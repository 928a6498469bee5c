"""AWS's refusals are told without the names of accounts and roles."""

from resplice.adapters.providers.aws_words import in_words


def test_names_of_accounts_and_roles_are_left_out() -> None:
    message = (
        "User: arn:aws:sts::123456789012:assumed-role/resplice-dev-speak is not authorized to "
        "perform: polly:SynthesizeSpeech (account 123456789012)"
    )
    told = in_words("AccessDeniedException", message)
    assert told.startswith("AccessDeniedException: User: … is not authorized to perform: polly")
    assert "123456789012" not in told and "assumed-role" not in told


def test_what_is_missing_leaves_no_colon() -> None:
    assert in_words("ThrottlingException", None) == "ThrottlingException"
    assert in_words(None, "no") == "no"
