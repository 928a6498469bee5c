"""The storage that the stack declares: private, encrypted, each layer with its own lifetime."""

from aws_cdk import App, Stack
from aws_cdk.assertions import Match, Template
from resplice.core.media import TEMP_DAYS

from infra.storage import DAYS_KEPT, Storage


def template(*, retain: bool) -> Template:
    stack = Stack(App(), "Test")
    Storage(stack, "Storage", retain=retain)
    return Template.from_stack(stack)


def test_the_bucket_is_private_and_each_layer_expires() -> None:
    found = template(retain=True)
    found.has_resource_properties(
        "AWS::S3::Bucket",
        {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "LifecycleConfiguration": {
                "Rules": Match.array_with(
                    [
                        Match.object_like({"Prefix": prefix, "ExpirationInDays": days})
                        for prefix, days in {**DAYS_KEPT, "media/temp/": TEMP_DAYS}.items()
                    ]
                )
            },
        },
    )
    found.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "RetainExceptOnCreate"})


def test_web_pages_that_are_said_may_send_files_and_no_others() -> None:
    stack = Stack(App(), "Test")
    Storage(stack, "Storage", retain=True, sent_from=["https://studio.example"])
    rule = {
        "AllowedHeaders": ["content-type"],
        "AllowedMethods": ["PUT"],
        "AllowedOrigins": ["https://studio.example"],
    }
    said = {"CorsConfiguration": {"CorsRules": [rule]}}
    Template.from_stack(stack).has_resource_properties("AWS::S3::Bucket", said)
    closed = {"CorsConfiguration": Match.absent()}
    template(retain=True).has_resource_properties("AWS::S3::Bucket", closed)


def test_the_table_recovers_and_forgets_by_ttl() -> None:
    found = template(retain=False)
    found.has_resource_properties(
        "AWS::DynamoDB::Table",
        {
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        },
    )
    found.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "Delete"})
