"""Signing in at the simulated Exact, as a person of the firm does."""

from apps.exact import registration, signing_in
from apps.exact.models import Connection
from apps.exact.visitor import Visitor

DIVISIONS = [3100101, 3100102, 3100201, 3100301]


def sign_in() -> Connection:
    """Return a living connection that reaches the firm's four divisions, made through the real code flow."""
    app = registration.default_app()
    return signing_in.complete(Visitor().consent(signing_in.begin(app), divisions=DIVISIONS))
