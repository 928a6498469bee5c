"""Where things are kept on AWS: one bucket for bytes, one table for records.

The prefixes are the three layers of the cache, and what one step of a run leaves for the next;
how long each lives is a row of the settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
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
    ) -> None:
        """sent_from: web pages whose scripts may send files to signed URLs."""
        super().__init__(scope, name)
        kept = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY
        self.bucket = s3.Bucket(
            self,
            "Objects",
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
            cors=[_sending(sent_from)] if sent_from else None,
        )
        self.table = self._table(retain)

    def _table(self, retain: bool) -> dynamodb.Table:
        """One that is protected can never be deleted with its stack: to want it, when the stack's
        first deployment fails, would make the rollback fail as well. So it stays then, empty.
        """
        table = dynamodb.Table(
            self,
            "Records",
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


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _rule(prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(prefix=prefix, expiration=Duration.days(days))


def _orphans() -> s3.LifecycleRule:
    return s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1))


def _sending(origins: Sequence[str]) -> s3.CorsRule:
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.PUT],
        allowed_origins=[*origins],
        allowed_headers=["content-type"],
    )
