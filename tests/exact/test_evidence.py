import pytest

from apps.exact.evidence import known_numbers


@pytest.mark.parametrize(
    ("pair", "known"),
    [
        (("kvk", "64134164"), {("kvk", "64134164")}),
        (("peppol", "0106:64134164"), {("kvk", "64134164")}),
        (("vat", "BE0417497106"), {("vat", "BE0417497106"), ("be_enterprise", "0417497106")}),
        (("kvk", "99999998"), set()),
        (("peppol", "0106:99999998"), set()),
        (("peppol", "nothing"), set()),
        (("iban", "NL91ABNA0417164300"), set()),
    ],
)
def test_only_registered_numbers_of_somebody_are_evidence(
    pair: tuple[str, str], known: set[tuple[str, str]]
) -> None:
    assert known_numbers([pair]) == known
