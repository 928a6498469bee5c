"""What people look at: alarms to one topic, and one dashboard.

An alarm rings for what whoever runs the stack can mend. AWS counts whatever a function raises as
its error, and a function of the workflow raises what is wrong with a document, a source or a
provider too: of these it is what they count themselves that is watched, and their crashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct
from resplice.adapters.lambda_.prices import DOLLARS_A_GIB_SECOND
from resplice.steps import makers

from infra.rows import METRICS, ROWS
from infra.settings import Settings
from infra.states import MAX_RETRIES

LAYERS_OF_CACHE = ("Movie", "Scene", "Element")
OUTCOMES = ("Hit", "Miss", "Bypass")
OUTSIDE = ("api", "finish", "deliver")
"""Functions that raise no error of a user."""
CRASH = (
    "%^[0-9TZ:.-]+ [0-9a-f-]+ Task timed out after"
    "|^RequestId: [0-9a-f-]+ Error: Runtime exited|^INIT_REPORT .*Status: error%"
)
"""What Lambda itself writes to a function's log, and no line of ours begins with. Of the syntax at
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html"""
FIVE_MINUTES = Duration.minutes(5)


class Alarms(Construct):
    """topic: where every alarm goes. dashboard: how the cache does, and what it saves."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        functions: Mapping[str, lambda_.Function],
        machine: sfn.StateMachine,
        api: gateway.HttpApi,
        undelivered: sqs.Queue,
    ) -> None:
        super().__init__(scope, name)
        self._settings, self._functions, self._machine = settings, functions, machine
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        self.topic.add_to_resource_policy(self._may_tell())
        if settings.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
        self._api_errors = api.metric_server_error(period=FIVE_MINUTES, statistic="Sum")
        undelivered_events = undelivered.metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES, statistic="Maximum"
        )
        self._alarm("ExecutionFailed", machine.metric_failed(), "An execution failed")
        self._alarm("ExecutionTimedOut", machine.metric_timed_out(), "An execution timed out")
        self._alarm("Faults", self._counted("Faults"), "Something failed that is no user's fault")
        stores = self._counted("StoreFaults")
        self._alarm("StoreFaults", stores, "A store fails at every try", above=MAX_RETRIES)
        differing = self._counted("ProofDiffers")
        self._alarm("CacheDiffers", differing, "A movie of the cache is not what is made anew")
        self._alarm("Crashes", self._crashes(), "A function died, or ran out of time")
        errors = self._of_functions("Errors", OUTSIDE)
        self._alarm("FunctionErrors", errors, "Functions beside the workflow fail", above=5)
        for group, (who, names) in _groups().items():
            throttles = self._of_functions("Throttles", names)
            self._alarm(f"{group}Throttles", throttles, f"{who} are throttled")
        self._alarm("ApiErrors", self._api_errors, "The API answers 5xx")
        lost = "Events could not be handled: infra.redrive tries again"
        self._alarm("EventsLost", undelivered_events, lost)
        self.dashboard = self._dashboard()

    def _crashes(self) -> cloudwatch.Metric:
        """What ends a function's process only its log says."""
        name = f"{self._settings.name}-Crashes"
        for function, made in self._functions.items():
            logs.MetricFilter(
                self,
                f"{function.title()}Crashes",
                log_group=made.log_group,
                filter_pattern=logs.FilterPattern.literal(CRASH),
                metric_namespace=METRICS,
                metric_name=name,
                metric_value="1",
            )
        return cloudwatch.Metric(
            namespace=METRICS,
            metric_name=name,
            statistic="Sum",
            period=FIVE_MINUTES,
            label="Crashes",
        )

    def _alarm(self, name: str, metric: cloudwatch.IMetric, said: str, *, above: int = 0) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"{self._settings.name}: {said}",
            metric=metric,
            threshold=above,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    def _may_tell(self) -> iam.PolicyStatement:
        """A topic that has a policy of its own no longer lets alarms in by itself."""
        return iam.PolicyStatement(
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=[self.topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )

    def _dashboard(self) -> cloudwatch.Dashboard:
        counted = ("SavedSeconds", "SavedDollars", "ProviderDollars")
        saved = [self._counted(name) for name in counted]
        ends = [self._machine.metric_failed(), self._machine.metric_timed_out()]
        seconds = [self._counted("MovieSeconds", statistic) for statistic in ("p50", "p95")]
        faults: list[cloudwatch.IMetric] = [
            *map(self._counted, ("Failed", "Timeout", "Faults", "StoreFaults")),
            self._of_functions("Errors"),
            self._api_errors,
            *ends,
        ]
        hits = [self._hit_rate(layer) for layer in LAYERS_OF_CACHE]
        return cloudwatch.Dashboard(
            self,
            "Dashboard",
            # Dashboards are the account's, not a region's.
            dashboard_name=f"{self._settings.name}-{Stack.of(self).region}",
            widgets=[
                [
                    _graph("Hit rate per layer of the cache, %", hits),
                    _graph("Saved, and paid to providers", saved),
                ],
                [
                    _graph("From submit to movie, seconds", seconds),
                    _graph("Rendering, seconds of work", [self._counted("RenderSeconds")]),
                ],
                [_graph("Errors", faults), _graph("Dollars per movie (Lambda)", [self._cost()])],
            ],
        )

    def _counted(self, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
        """What the functions count themselves."""
        return cloudwatch.Metric(
            namespace=METRICS,
            metric_name=name,
            dimensions_map={"service": self._settings.name},
            statistic=statistic,
            period=FIVE_MINUTES,
            label=name if statistic == "Sum" else statistic,
        )

    def _hit_rate(self, layer: str) -> cloudwatch.MathExpression:
        """A bypass is no miss of the cache, but it is work all the same."""
        key = layer.lower()
        outcomes = {f"{key}{each}": self._counted(f"{layer}{each}") for each in OUTCOMES}
        asked = " + ".join(f"FILL({name}, 0)" for name in outcomes)
        return cloudwatch.MathExpression(
            expression=f"100 * FILL({key}Hit, 0) / ({asked})",
            using_metrics=outcomes,
            period=FIVE_MINUTES,
            label=layer,
        )

    def _of_functions(
        self, name: str, functions: Iterable[str] = tuple(ROWS)
    ) -> cloudwatch.MathExpression:
        metrics = {
            each: self._functions[each].metric(name, statistic="Sum", period=FIVE_MINUTES)
            for each in functions
        }
        expression = " + ".join(f"FILL({function}, 0)" for function in metrics)
        return cloudwatch.MathExpression(
            expression=expression, using_metrics=metrics, period=FIVE_MINUTES, label=name
        )

    def _cost(self) -> cloudwatch.MathExpression:
        """Milliseconds of every function by its price, over the movies of the same time."""
        metrics: dict[str, cloudwatch.IMetric] = {
            function: made.metric_duration(statistic="Sum", period=FIVE_MINUTES)
            for function, made in self._functions.items()
        }
        spent = " + ".join(f"FILL({name}, 0) * {ROWS[name].memory_mb}" for name in metrics)
        gb_seconds = f"({spent}) / 1024 / 1000"
        return cloudwatch.MathExpression(
            expression=f"{gb_seconds} * {DOLLARS_A_GIB_SECOND:.10f} / movies",
            using_metrics={**metrics, "movies": self._counted("MovieSeconds", "SampleCount")},
            period=FIVE_MINUTES,
            label="dollars",
        )


def _groups() -> Mapping[str, tuple[str, Sequence[str]]]:
    """Who is watched together, as an alarm adds up ten metrics at most."""
    making = makers.functions()
    others = [function for function in ROWS if function not in making]
    return {"Function": ("Functions", others), "Maker": ("Functions that make elements", making)}


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*metrics], width=12)
