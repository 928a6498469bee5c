"""What a stage may cost in a month before somebody is told: a budget of AWS over what has its tag.

A budget stops nothing, and is hours behind. What stops are the bounds of a day: quotas `together`.
"""

from __future__ import annotations

from aws_cdk import Stack, Tags
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.settings import TAG, Settings

NOTICES = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
"""When somebody is told, percent of the limit. A budget may have five.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-budgets-budget.html
"""


class Budget(Construct):
    """Tells the topic of the alarms."""

    def __init__(
        self, scope: Construct, name: str, *, settings: Settings, topic: sns.Topic
    ) -> None:
        super().__init__(scope, name)
        stack = Stack.of(self)
        Tags.of(stack).add(TAG, settings.name)
        allowed = topic.add_to_resource_policy(_may_tell(stack, topic))
        budget = budgets.CfnBudget(
            self,
            "Month",
            budget=budgets.CfnBudget.BudgetDataProperty(
                # Budgets are the account's, not a region's.
                budget_name=f"{settings.name}-{stack.region}",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(
                    amount=settings.monthly_budget_usd, unit="USD"
                ),
                cost_filters={"TagKeyValue": [f"user:{TAG}${settings.name}"]},
            ),
            notifications_with_subscribers=[_notice(*each, topic) for each in NOTICES],
        )
        if allowed.policy_dependable:
            budget.node.add_dependency(allowed.policy_dependable)


def _notice(
    kind: str, percent: int, topic: sns.Topic
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percent,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn)
        ],
    )


def _may_tell(stack: Stack, topic: sns.Topic) -> iam.PolicyStatement:
    """https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html"""
    return iam.PolicyStatement(
        actions=["sns:Publish"],
        principals=[iam.ServicePrincipal("budgets.amazonaws.com")],
        resources=[topic.topic_arn],
        conditions={
            "StringEquals": {"aws:SourceAccount": stack.account},
            "ArnLike": {"aws:SourceArn": f"arn:{stack.partition}:budgets::{stack.account}:*"},
        },
    )
