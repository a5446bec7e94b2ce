"""History told of an untidy ledger, through Exact and the mirrors: better than the most common account."""

import json

import pytest
from django.core.management import call_command

from apps.exact import registration, signing_in
from apps.exact.visitor import Visitor
from apps.sandbox import seed
from apps.sandbox.firm.noise import Noise
from apps.sandbox.models import Switches
from tests.flows.conftest import BAKERY, link

pytestmark = pytest.mark.django_db


def test_history_tells_accounts_by_text_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    noise = seed.add_history(BAKERY, Noise(suppliers=40))
    Switches.objects.update(minute_limit=100_000)
    consent = Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY])
    signing_in.complete(consent)
    administration = link(BAKERY)
    call_command("evaluate_coding", "--administration", administration.slug, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["noise"] == noise
    accounts = told["learned_once"]["gl_code"]
    assert accounts["of"] > 200
    assert accounts["top_1_share"] > accounts["baseline_share"] + 0.1
    assert accounts["top_3_share"] >= accounts["top_1_share"] > 0.8
    assert told["learning_on"]["gl_code"]["top_1"] >= accounts["top_1"]
    call_command("evaluate_coding", "--administration", administration.slug)
    assert f'"suppliers": {noise["suppliers"]}' in capsys.readouterr().out
