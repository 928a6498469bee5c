"""The settings of a stage, read from cdk.json: `-c stage=prod`. Never calls AWS, and loads no CDK:
who only reads settings starts no Node.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_origin, get_type_hints

from resplice.core.quotas import quotas_of

from infra.runtime import LAMBDA_PYTHON

DAYS_KEPT = {"elements/": 30, "scenes/": 14, "movies/": 30, "runs/": 3}
PYTHON = LAMBDA_PYTHON
"""What the functions run on, unless the context has `python`."""

LOGS_KEPT = (
    *("ONE_DAY", "THREE_DAYS", "FIVE_DAYS", "ONE_WEEK", "TWO_WEEKS", "ONE_MONTH", "TWO_MONTHS"),
    *("THREE_MONTHS", "FOUR_MONTHS", "FIVE_MONTHS", "SIX_MONTHS", "ONE_YEAR", "THIRTEEN_MONTHS"),
    *("EIGHTEEN_MONTHS", "TWO_YEARS", "THREE_YEARS", "FIVE_YEARS", "SIX_YEARS", "SEVEN_YEARS"),
    *("EIGHT_YEARS", "NINE_YEARS", "TEN_YEARS", "INFINITE"),
)
"""The names of CDK's RetentionDays."""

AT_HAND = {
    "voices": ("polly", "espeak"),
    "transcribers": ("amazon-transcribe",),
    "generators": ("bedrock",),
}
"""By service, AWS's own providers and those in our layers: they need no connection."""


NAMES_KEPT = {"bucket": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "table": r"[A-Za-z0-9_.-]{3,255}"}
"""What names of buckets and of tables look like.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

TAG = "resplice"
"""On all that a stage has which has a budget; its value is the stage's name. Costs are known by it
only when it was activated in the account's billing, which pays for it or for its organization.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostAllocationTag.html
"""


class WrongSettings(Exception):
    """cdk.json or the command line says what cannot be. The message names it."""


@dataclass(frozen=True)
class Settings:
    """What may differ between stages.

    retain                whether bucket and table outlive the stack, and it cannot be deleted by
                          mistake
    bucket, table         the names of those that the stage has: kept or restored ones, which are
                          there when it is deployed, are taken over; empty: it makes its own
    logs_kept             one of LOGS_KEPT
    audit_kept            the same for the API's log, which is the audit log
    rate, burst           requests per second that the API takes, and how many at once
    days_kept             how long objects live, by prefix
    tasks_at_once         functions that work on one movie at the same time: at most those that the
                          account may run at once, less three: who asks, what ends, what tells
    fast_lane             whether a movie begins in one function, which makes a small one by itself;
                          else the workflow does each step of every movie
    reserved_concurrency  by function; one that is not named shares the account's
    alarm_email           who is told of alarms
    voices, transcribers, generators  AWS's own that elements may use without a connection, and
                          what is in our layers; the best first
    strict_voices         a voice whose provider is not there is an error; else another voice speaks
    fonts_url             where fonts that do not come with us are asked for by name; empty: nowhere
    strict_fonts          a font that cannot be had is an error; else another is drawn
    placeholders          a labelled card is shown in place of what would be generated
    require_sandbox       a movie fails where programs cannot be confined as docs/sandbox.md says;
                          else they run with less around them, and the log tells what is missing
    content_credentials   every movie is given content credentials, whatever it says: that takes a
                          certificate (docs/provenance.md); else those that ask for them
    cors_origins          of web pages whose scripts may call the API; none by default
    quotas                what an owner may ask for: see the README
    verify_percent        of the movies of each hour, how many are made anew and compared with what
                          the cache has, ten at most; 0: none
    max_cost_usd          what may be paid to providers for one movie, by list prices; -1: no limit
    monthly_budget_usd    what all of the stage may cost in a month before those are told who are
                          told of alarms; -1: there is no budget
    email_from            in whose name movies are mailed, an identity that SES has verified; empty:
                          none is mailed
    cdn                   whether CloudFront serves movies and files; else the API leads to S3, for
                          accounts that may have no distribution
    domain, certificate   the API's own name, and the ARN of the certificate for it
    deployment            a word in every function, so that another one makes all versions anew:
                          `-c deployment=WORD`, when Lambda tells that a version exists
    """

    stage: str
    python: str = PYTHON
    retain: bool = True
    bucket: str = ""
    table: str = ""
    logs_kept: str = "ONE_MONTH"
    audit_kept: str = "ONE_YEAR"
    rate: int = 50
    burst: int = 100
    days_kept: Mapping[str, int] = field(default_factory=lambda: dict(DAYS_KEPT))
    tasks_at_once: int = 200
    fast_lane: bool = True
    reserved_concurrency: Mapping[str, int] = field(default_factory=dict)
    alarm_email: str = ""
    voices: list[str] = field(default_factory=lambda: ["polly", "espeak"])
    transcribers: list[str] = field(default_factory=lambda: ["amazon-transcribe"])
    generators: list[str] = field(default_factory=list)
    strict_voices: bool = False
    fonts_url: str = "https://fonts.googleapis.com"
    strict_fonts: bool = False
    placeholders: bool = False
    require_sandbox: bool = False
    verify_percent: float = 0.0
    content_credentials: bool = False
    max_cost_usd: float = -1.0
    monthly_budget_usd: float = -1.0
    cors_origins: list[str] = field(default_factory=list)
    quotas: Mapping[str, Any] = field(default_factory=dict)
    email_from: str = ""
    cdn: bool = True
    domain: str = ""
    certificate: str = ""
    deployment: str = ""

    def __post_init__(self) -> None:
        if bool(self.domain) != bool(self.certificate):
            raise WrongSettings("A domain needs a certificate, and a certificate a domain")
        self._check_names_kept()
        if odd := DAYS_KEPT.keys() ^ self.days_kept.keys():
            raise WrongSettings(f"days_kept has each prefix once: see {', '.join(sorted(odd))}")
        for service, known in AT_HAND.items():
            for each in getattr(self, service):
                if each not in known:
                    raise WrongSettings(f"{service} may be {', '.join(known)}, not {each!r}")
        try:
            quotas_of(self.quotas)
        except ValueError as error:
            raise WrongSettings(f"quotas: {error}") from None
        if self.monthly_budget_usd <= 0 and self.monthly_budget_usd != -1:
            raise WrongSettings("monthly_budget_usd is more than 0, or -1 for none")
        if not 0 <= self.verify_percent <= 100:
            raise WrongSettings(f"verify_percent is 0 to 100, not {self.verify_percent:g}")
        if self.tasks_at_once < 1:
            raise WrongSettings(f"tasks_at_once is 1 or more, not {self.tasks_at_once}")
        for name in ("logs_kept", "audit_kept"):
            said = getattr(self, name)
            if said not in LOGS_KEPT:
                raise WrongSettings(f"{name} is a name such as ONE_MONTH, not '{said}'")

    def _check_names_kept(self) -> None:
        """CloudFormation takes over by name, and only what it is not to delete.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
        """
        for setting, wanted in NAMES_KEPT.items():
            name = getattr(self, setting)
            if name and not re.fullmatch(wanted, name):
                raise WrongSettings(f"{setting} is the name of one, not {name!r}")
            if name and not self.retain:
                raise WrongSettings(f"A {setting} that is named is kept: it needs retain")

    @property
    def name(self) -> str:
        """The name of the state machine, and the beginning of the names of the functions."""
        return f"resplice-{self.stage}"

    @property
    def advice(self) -> tuple[str, ...]:
        """What may be so, and is not what one wants."""
        if self.alarm_email or not (self.retain or self.has_budget):
            return ()
        of = "of alarms, nor of the budget" if self.has_budget else "of alarms"
        who = "name somebody as alarm_email in the stage's row of cdk.json"
        return (f"Nobody is told {of}: {who}",)

    @property
    def has_budget(self) -> bool:
        return self.monthly_budget_usd > 0

    @property
    def refresh_after_days(self) -> dict[str, float]:
        """By prefix, how old an object is when its use makes it new. Half of what it is kept for:
        what is used stays. What is left for one run is not used again.
        """
        return {prefix: days / 2 for prefix, days in self.days_kept.items() if prefix != "runs/"}

    @property
    def at_hand(self) -> tuple[str, ...]:
        """Providers that elements may use without a connection, the best of each service first."""
        return (*self.voices, *self.transcribers, *self.generators)

    @property
    def max_cost_micro_usd(self) -> int | None:
        """None for no limit."""
        return None if self.max_cost_usd < 0 else round(self.max_cost_usd * 1_000_000)


def read(context: Callable[[str], Any]) -> Settings:
    """The settings of the stage that the context names; it is `dev` when none is named.

    context: CDK's, by key. Raises WrongSettings.
    """
    stages, stage = context("stages") or {}, context("stage") or "dev"
    word = context("deployment")
    said = {**row_of(stage, stages), **({"deployment": word} if word else {})}
    return parsed(stage, context("python") or PYTHON, said)


def row_of(stage: str, stages: Mapping[str, Any]) -> Mapping[str, Any]:
    """What cdk.json says of the stage. Raises WrongSettings when it says nothing."""
    if stage not in stages:
        raise WrongSettings(f"There is no stage '{stage}' in cdk.json: {', '.join(sorted(stages))}")
    row: Mapping[str, Any] = stages[stage]
    return row


def parsed(stage: str, python: str, said: Mapping[str, Any]) -> Settings:
    """One row of cdk.json. Raises WrongSettings for a name or a type that is not known."""
    types = get_type_hints(Settings)
    for name, value in said.items():
        if name not in types or name in ("stage", "python"):
            raise WrongSettings(f"Stage {stage}: there is no setting '{name}'")
        if not _fits(value, types[name]):
            raise WrongSettings(f"Stage {stage}: {name} cannot be {value!r}")
    return Settings(stage=stage, python=python, **said)


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a JSON value is of that type. Compared exactly: True would pass for an int."""
    if wanted is float:
        return type(value) in (int, float) and math.isfinite(value)
    origin = get_origin(wanted)
    return type(value) is (dict if origin is Mapping else origin or wanted)
