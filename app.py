"""The CDK app: one stack for a stage, `cdk deploy -c stage=prod`. Settings are in cdk.json."""

import json
from pathlib import Path

import aws_cdk as cdk

from infra.storage import Storage

settings_file = Path(__file__).with_name("cdk.json")
app = cdk.App(context=json.loads(settings_file.read_text())["context"])
stage = app.node.try_get_context("stage") or "dev"
settings = app.node.try_get_context("stages")[stage]
stack = cdk.Stack(app, f"Resplice-{stage}", description="Resplice: a serverless movie renderer")
Storage(stack, "Storage", retain=settings["retain"])
app.synth()
