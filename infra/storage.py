"""Where things are kept on AWS: one bucket for bytes, one table for records.

The prefixes are the three layers of the cache, and what one step of a run leaves for the next;
how long each lives is a row of the settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from aws_cdk import CfnElement, Duration, RemovalPolicy, Resource, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct
from resplice.core.media import PREFIX, TEMP, TEMP_DAYS

from infra.settings import DAYS_KEPT

__all__ = ["DAYS_KEPT", "INDEXES", "Storage"]

INDEXES = {"by_owner": "owner", "open": "open"}
"""The attribute that each index of the table is over; both are sorted by `created`."""


class Storage(Construct):
    """bucket: objects under the prefixes of DAYS_KEPT. table: projects, pointers, leases, keys."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        retain: bool,
        days_kept: Mapping[str, int] = DAYS_KEPT,
        sent_from: Sequence[str] = (),
        bucket: str = "",
        table: str = "",
        shown: bool = False,
    ) -> None:
        """sent_from: web pages whose scripts may send files to signed URLs. shown: whether S3
        itself sends movies and files to those who have a signed URL. bucket, table: the
        names of those that are there already or are to have them; empty: CloudFormation chooses.
        """
        super().__init__(scope, name)
        kept = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY
        if bucket:  # It may have been there before the stack.
            kept = RemovalPolicy.RETAIN
        self.bucket = s3.Bucket(
            self,
            "Objects",
            bucket_name=bucket or None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=kept,
            lifecycle_rules=[
                _orphans(),
                *(_rule(*row) for row in days_kept.items()),
                _rule(f"{PREFIX}{TEMP}/", TEMP_DAYS),
            ],
            cors=[*_sending(sent_from), *(_SHOWN if shown else ())] or None,
        )
        self.table = self._table(retain, table)
        _stand_apart(self.bucket, bucket)
        _stand_apart(self.table, table)

    def _table(self, retain: bool, name: str) -> dynamodb.Table:
        """One that is protected can never be deleted with its stack: to want it, when the stack's
        first deployment fails, would make the rollback fail as well. So it stays then, empty.
        """
        table = dynamodb.Table(
            self,
            "Records",
            table_name=name or None,
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            deletion_protection=retain,
            removal_policy=RemovalPolicy.RETAIN if retain else RemovalPolicy.DESTROY,
        )
        for index, partition in INDEXES.items():
            table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(partition),
                sort_key=_text("created"),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            )
        return table


_SHOWN = (
    s3.CorsRule(
        allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.HEAD],
        allowed_origins=["*"],
        allowed_headers=["range"],
        exposed_headers=["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
    ),
)
"""To all pages, as CloudFront does: who was sent here has no origin of his own any more."""


def _stand_apart(resource: Resource, name: str) -> None:
    """One that is named has a logical id of its own: to CloudFormation it is a new one, which it
    may take over, and not another name of the one before, which it would have to replace.
    """
    if not name:
        return
    element = resource.node.default_child
    assert isinstance(element, CfnElement)
    stack = Stack.of(resource)
    logical_id = stack.get_logical_id(element)
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    stack.rename_logical_id(logical_id, f"{logical_id}{digest.upper()}")


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _rule(prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(prefix=prefix, expiration=Duration.days(days))


def _orphans() -> s3.LifecycleRule:
    return s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1))


def _sending(origins: Sequence[str]) -> list[s3.CorsRule]:
    rule = s3.CorsRule(
        allowed_methods=[s3.HttpMethods.PUT],
        allowed_origins=[*origins],
        allowed_headers=["content-type"],
    )
    return [rule] if origins else []
