import pytest

from apps.exact import visitors

ME = {
    "UserID": "6f1e0d5c-0000-4000-8000-000000000001",
    "FullName": "Wilma Bakker",
    "CurrentDivision": 3100101,
}
TRIAL = ["IsStarterUser"]


@pytest.mark.parametrize("flag", ["IsMyFirmPortalUser", "IsMyFirmLiteUser"])
@pytest.mark.parametrize("value", [True, 1, "true"])
def test_a_user_of_mijnkantoor_is_refused_with_what_to_do(flag: str, value: object) -> None:
    who = visitors.of({**ME, flag: value}, TRIAL)
    assert who.is_portal
    assert "Wilma Bakker is a MijnKantoor user" in who.refusal
    assert "Sign in as a user of Exact Online itself" in who.refusal


@pytest.mark.parametrize(
    "flag", ["IsClientUser", "IsEmployeeSelfServiceUser", "IsOEIMigrationMandatory", "x"]
)
def test_other_flags_refuse_nobody(flag: str) -> None:
    who = visitors.of({**ME, flag: True, "IsMyFirmPortalUser": False, "IsMyFirmLiteUser": None}, TRIAL)
    assert (who.refusal, who.warning) == ("", "")


def test_a_user_of_a_trial_is_let_in_with_a_warning() -> None:
    who = visitors.of({**ME, "IsStarterUser": True}, TRIAL)
    assert who.refusal == ""
    assert "Wilma Bakker may be a user of a trial" in who.warning


def test_which_flags_tell_of_a_trial_is_a_setting() -> None:
    assert visitors.of({**ME, "IsStarterUser": True}, ["IsGuest"]).warning == ""
    assert visitors.of({**ME, "IsGuest": 1}, ["IsOther", "IsGuest"]).warning


def test_flags_of_the_setting_alone_tell_of_a_trial() -> None:
    assert not visitors.is_of_trial({"IsStarterUser": True}, ["IsSomethingElse"])
    assert visitors.is_of_trial({"IsSomethingElse": True}, ["IsSomethingElse"])


def test_odd_answers_are_nobody() -> None:
    who = visitors.of({"UserID": "x", "CurrentDivision": None}, TRIAL)
    assert (who.user, who.name, who.present) == (None, "Exact", 0)
    assert visitors.of({"UserName": "w@x.example"}, TRIAL).name == "w@x.example"
