"""What the world reaches: the HTTP API, and the movies behind CloudFront, where that is wanted."""

from __future__ import annotations

import json

from aws_cdk import Acknowledgment, CfnOutput, RemovalPolicy, Stack, Validations
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct
from resplice.core.public_files import ENDINGS

from infra.settings import Settings

MOVIES = "movies/*"
MEDIA = "media/*"
LOGGED = (
    *("requestId", "requestTime", "httpMethod", "path", "status", "responseLatency"),
    *("responseLength", "integrationErrorMessage"),
)
"""Of each request. Who asked is not kept."""

POLICY_IS_OURS = "Annotation::@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac"


class Movies(Construct):
    """The finished movies and the owners' files, and nothing else of the bucket, over HTTPS from
    a place nearby.
    """

    def __init__(self, scope: Construct, name: str, *, bucket: s3.Bucket) -> None:
        super().__init__(scope, name)
        origin = origins.S3BucketOrigin.with_origin_access_control(
            self._stranger(bucket), origin_access_control=self._access()
        )
        refused = cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            compress=False,
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{Stack.of(self).stack_name}: movies",
            default_behavior=refused,
            additional_behaviors={
                MOVIES: _public(origin, cloudfront.CachePolicy.CACHING_OPTIMIZED),
                # A file may be replaced, and is another one at once.
                MEDIA: _public(origin, cloudfront.CachePolicy.CACHING_DISABLED),
            },
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        )
        bucket.add_to_resource_policy(self._may_read(bucket))
        Validations.of(self).acknowledge(
            Acknowledgment(id=POLICY_IS_OURS, reason="the statement is added right here")
        )
        self.url = f"https://{self.distribution.distribution_domain_name}"

    def _access(self) -> cloudfront.S3OriginAccessControl:
        """Its name is one of the account's, in whatever region the stack is. CDK's has no region.
        https://github.com/awslabs/amazon-s3-find-and-forget/pull/368
        """
        stack = Stack.of(self)
        named = f"{stack.stack_name}-{stack.region}"
        return cloudfront.S3OriginAccessControl(self, "Access", origin_access_control_name=named)

    def _stranger(self, bucket: s3.Bucket) -> s3.IBucket:
        """The bucket as if it were not ours: else CDK would open all of it to CloudFront."""
        return s3.Bucket.from_bucket_attributes(
            self,
            "Origin",
            bucket_arn=bucket.bucket_arn,
            bucket_regional_domain_name=bucket.bucket_regional_domain_name,
        )

    def _may_read(self, bucket: s3.Bucket) -> iam.PolicyStatement:
        """Outside of these there is no answer but 403."""
        movies = [f"{MOVIES}.{ending}" for ending in ENDINGS]
        return iam.PolicyStatement(
            actions=["s3:GetObject"],
            principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
            resources=[bucket.arn_for_objects(each) for each in (*movies, MEDIA)],
            conditions={"StringEquals": {"AWS:SourceArn": self.distribution.distribution_arn}},
        )


def _public(
    origin: cloudfront.IOrigin, cached: cloudfront.ICachePolicy
) -> cloudfront.BehaviorOptions:
    """Files that anyone may read who knows their name, also from web pages."""
    return cloudfront.BehaviorOptions(
        origin=origin,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        cache_policy=cached,
        response_headers_policy=(
            cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_WITH_PREFLIGHT
        ),
        compress=False,
    )


class Api(Construct):
    """The HTTP API: every request goes to one function, which has the routes. It comes before the
    functions, which may have to know its URL.
    """

    def __init__(self, scope: Construct, name: str, *, settings: Settings) -> None:
        super().__init__(scope, name)
        self.api = gateway.HttpApi(self, "Http", api_name=settings.name, create_default_stage=False)
        self._domain = self._own_domain(settings) if settings.domain else None
        self._stage(settings)
        self.url = f"https://{settings.domain}" if settings.domain else self.api.api_endpoint

    def ask(self, function: lambda_.IFunction) -> None:
        """Whatever is asked. The name is the one that CDK gives a default integration's route."""
        gateway.HttpRoute(
            self.api,
            "DefaultRoute",
            http_api=self.api,
            route_key=gateway.HttpRouteKey.DEFAULT,
            integration=integrations.HttpLambdaIntegration("Function", function),
        )

    def _stage(self, settings: Settings) -> None:
        stage = gateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            auto_deploy=True,
            throttle=gateway.ThrottleSettings(rate_limit=settings.rate, burst_limit=settings.burst),
            domain_mapping=gateway.DomainMappingOptions(domain_name=self._domain)
            if self._domain
            else None,
        )
        log_group = logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays[settings.logs_kept],
            removal_policy=RemovalPolicy.DESTROY,
        )
        plain = stage.node.default_child
        assert isinstance(plain, gateway.CfnStage)
        plain.access_log_settings = gateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn,
            format=json.dumps({name: f"$context.{name}" for name in LOGGED}),
        )

    def _own_domain(self, settings: Settings) -> gateway.DomainName:
        """Its DNS record is the owner's: the stack says where it must lead."""
        certificate = certificates.Certificate.from_certificate_arn(
            self, "Certificate", settings.certificate
        )
        domain = gateway.DomainName(
            self, "Domain", domain_name=settings.domain, certificate=certificate
        )
        target = domain.regional_domain_name
        CfnOutput(self, "DomainTarget", value=target).override_logical_id("DomainTarget")
        return domain
