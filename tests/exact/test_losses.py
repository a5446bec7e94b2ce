import pytest
from django.utils import translation

from apps.exact import losses
from apps.exact.losses import REMEDIES, Loss


@pytest.mark.parametrize(
    ("status", "error", "description", "reason", "loss"),
    [
        (401, "unauthorized_client", "Old refresh token used.", "", Loss.REPLACED),
        (400, "invalid_request", "The refresh token expired at 1/2/2026 and it is now", "", Loss.UNUSED),
        (400, "invalid_request", "", "", Loss.SECRET),
        (401, "invalid_client", "", "", Loss.SECRET),
        (400, "invalid_request", "Something new.", "", Loss.OTHER),
        (400, "invalid_grant", "", "", Loss.OTHER),
        (401, "unauthorized_client", "The password of the user was changed.", "", Loss.PASSWORD),
        (401, "unauthorized_client", "Het wachtwoord is gewijzigd.", "", Loss.PASSWORD),
        (400, "access_denied", "The user has withdrawn the consent for this app.", "", Loss.CONSENT),
        (403, "", "Error getting access token using refresh token", "", Loss.RIGHTS),
        (403, "", "", "BlockedUser", Loss.BLOCKED_USER),
        (403, "", "", "LicenseExpired: until 1 May", Loss.LICENCE),
        (403, "", "", "NoDivisionAccess", Loss.RIGHTS),
    ],
)
def test_what_exact_says_to_a_renewal_has_a_meaning(
    status: int, error: str, description: str, reason: str, loss: Loss
) -> None:
    assert losses.of_refusal(status, error, description, reason) == loss


def test_too_early_and_unknown_reasons_are_no_loss() -> None:
    assert losses.of_reason("TooEarlyToRefreshTokens: Rate limit exceeded") is None
    assert losses.of_reason("") is None


def test_every_loss_has_its_own_sentence_and_a_remedy() -> None:
    assert REMEDIES.keys() == set(Loss.values)
    with translation.override("en"):
        assert len({str(remedy.sentence) for remedy in REMEDIES.values()}) == len(REMEDIES)
        assert all(str(remedy.remedy).endswith(".") for remedy in REMEDIES.values())


def test_a_lost_answer_means_something_else_once_the_chain_is_over() -> None:
    in_doubt = losses.remedy_of(Loss.NO_ANSWER, ended=False)
    over = losses.remedy_of(Loss.NO_ANSWER, ended=True)
    assert in_doubt and over
    assert (in_doubt.sign_in, over.sign_in) == (False, True)
    assert losses.remedy_of("", ended=False) is None
