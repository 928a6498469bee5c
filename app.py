"""The CDK app: one stack for a stage, `cdk deploy -c stage=prod`. Settings are in cdk.json."""

import json
import sys
from pathlib import Path

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra.settings import WrongSettings, read
from infra.stack import RespliceStack

settings_file = Path(__file__).with_name("cdk.json")
app = cdk.App(context=json.loads(settings_file.read_text())["context"])
try:
    stack = RespliceStack(app, read(app.node.try_get_context))
except WrongSettings as error:
    sys.exit(str(error))
cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
app.synth()
