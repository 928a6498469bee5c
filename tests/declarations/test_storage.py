"""The storage that the stack declares: private, encrypted, each layer with its own lifetime."""

from typing import Any

from lazy import lazy
from resplice.core.media import TEMP_DAYS

from infra.settings import DAYS_KEPT

cdk = lazy("declared")


def template(*, retain: bool) -> Any:
    stack = cdk.Stack(cdk.App(), "Test")
    cdk.Storage(stack, "Storage", retain=retain)
    return cdk.Template.from_stack(stack)


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
                "Rules": cdk.Match.array_with(
                    [
                        cdk.Match.object_like({"Prefix": prefix, "ExpirationInDays": days})
                        for prefix, days in {**DAYS_KEPT, "media/temp/": TEMP_DAYS}.items()
                    ]
                )
            },
        },
    )
    found.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "RetainExceptOnCreate"})


def test_web_pages_that_are_said_may_send_files_and_no_others() -> None:
    stack = cdk.Stack(cdk.App(), "Test")
    cdk.Storage(stack, "Storage", retain=True, sent_from=["https://studio.example"])
    rule = {
        "AllowedHeaders": ["content-type"],
        "AllowedMethods": ["PUT"],
        "AllowedOrigins": ["https://studio.example"],
    }
    said = {"CorsConfiguration": {"CorsRules": [rule]}}
    cdk.Template.from_stack(stack).has_resource_properties("AWS::S3::Bucket", said)
    closed = {"CorsConfiguration": cdk.Match.absent()}
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


def ids(**names: str) -> dict[str, str]:
    """The logical ids of bucket and table, by their types."""
    stack = cdk.Stack(cdk.App(), "Test")
    cdk.Storage(stack, "Storage", retain=True, **names)
    resources = cdk.Template.from_stack(stack).to_json()["Resources"].items()
    found = {each["Type"]: name for name, each in resources}
    return {kind: found[kind] for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::Table")}


def test_a_bucket_and_a_table_that_are_named_are_those_and_have_all_rules() -> None:
    stack = cdk.Stack(cdk.App(), "Test")
    cdk.Storage(stack, "Storage", retain=True, bucket="kept-objects", table="restored")
    found = cdk.Template.from_stack(stack)
    rules = {"LifecycleConfiguration": cdk.Match.any_value(), "BucketName": "kept-objects"}
    found.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "Retain", "Properties": rules})
    ttl = {"AttributeName": "expires_at", "Enabled": True}
    kept = {"TableName": "restored", "TimeToLiveSpecification": ttl}
    found.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "Retain", "Properties": kept})
    bucket = {"Bucket": {"Ref": ids(bucket="kept-objects")["AWS::S3::Bucket"]}}
    found.has_resource_properties("AWS::S3::BucketPolicy", bucket)


def test_another_name_is_another_resource_to_cloudformation_and_no_replacement() -> None:
    bucket, table = ids().values()
    assert ids(table="restored")["AWS::S3::Bucket"] == bucket
    seen = {ids(table=name)["AWS::DynamoDB::Table"] for name in ("restored", "restored-again")}
    assert len(seen) == 2 and table not in seen
