import pytest

from apps.core.http import Rejected
from apps.exact import signing_in
from apps.exact.registration import default_app
from apps.exact.visitor import Visitor

pytestmark = pytest.mark.django_db


def test_a_visitor_who_ticks_divisions_is_sent_back_with_a_code() -> None:
    url = signing_in.begin(default_app())
    assert (
        Visitor().consent(url, divisions=[3100101]).startswith("http://127.0.0.1:8000/exact/callback/?code=")
    )


def test_a_consent_page_that_does_not_send_back_is_told() -> None:
    app = default_app()
    app.client_id = "unknown"
    with pytest.raises(Rejected):
        Visitor().consent(signing_in.begin(app), divisions=[3100101])
