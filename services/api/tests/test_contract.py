"""Whatever a client sends, the answers are those that the OpenAPI document promises."""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kmidi_api.app import create_app
from kmidi_api.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore")  # other people's code, not ours, is at work here
URL = os.environ.get("KMIDI_TRY_API")
schema = (
    schemathesis.openapi.from_url(f"{URL}/openapi.json")
    if URL
    else schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings()))
)


@schema.parametrize()
@settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_as_documented(case: schemathesis.Case):
    case.call_and_validate(
        checks=[not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    )
