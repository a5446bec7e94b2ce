"""Somebody outside connects an administration: each ending with its message in both languages, and nothing changed."""

import html
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from apps.clients.models import Administration, Package
from apps.core import clock
from apps.exact import linking, share_mails, share_tasks
from apps.exact.models import Connection, Division, ShareLink, ShareState, SignIn
from apps.exact.visitor import Visitor
from apps.people.models import Role, User
from apps.sandbox import faults, switches, time
from apps.sandbox.firm import users
from tests import office, shares
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.exact.factories import ExactAppFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
BAKERY, INSTALLER = 3100101, 3100201
OWNER, PORTAL, USER = users.OWNER["UserID"], users.PORTAL["UserID"], users.USER["UserID"]
WRONG = {
    "en": "This login opens Installatiebedrijf Noorderlicht B.V. (3100201); the connection was for Bakkerij De Gouden "
    "Aar B.V. (3100101). Nothing was changed.",
    "nl": "Deze login opent Installatiebedrijf Noorderlicht B.V. (3100201); de koppeling was voor Bakkerij De Gouden "
    "Aar B.V. (3100101). Er is niets gewijzigd.",
}
MIJNKANTOOR = {"en": "is a MijnKantoor user", "nl": "is een gebruiker van MijnKantoor"}
DECLINED = {
    "en": "You did not give access in Exact Online.",
    "nl": "U gaf geen toegang in Exact Online.",
}
SCOPE = {"en": "is missing. Nothing was changed.", "nl": "ontbreekt. Er is niets gewijzigd."}
EXPIRED = {
    "en": "This link has expired. Nothing was changed.",
    "nl": "Deze link is verlopen. Er is niets gewijzigd.",
}
USED = {"en": "This link has been used:", "nl": "Deze link is gebruikt:"}
LATE = {
    "en": "It took too long to come back from Exact Online.",
    "nl": "Het duurde te lang voordat u terugkwam",
}
LOST = {"en": "This sign-in is over.", "nl": "Deze aanmelding is voorbij."}
DISOWNED = {
    "en": "does not work here any more, so it opens nothing. Nothing was changed.",
    "nl": "werkt hier niet meer",
}
REVOKED = {"en": "This link was revoked. Nothing", "nl": "Deze link is ingetrokken. Er"}
BOTH = pytest.mark.parametrize("language", ["nl", "en"])


def visitor(language: str) -> Browser:
    return Browser(headers={"accept-language": language})


@pytest.fixture
def ours(connected: Connection) -> Administration:
    """The administration of the bakery, linked to its division."""
    return linking.create_for(Division.objects.get(code=BAKERY))


def declined(browser: Browser, address: str) -> Any:
    shares.to_exact(browser, address)
    state = SignIn.objects.get().state
    return browser.get(reverse("exact:callback"), {"error": "access_denied", "state": state}, follow=True)


def without_scope(browser: Browser, address: str) -> Any:
    switches.lack_rights("system/Divisions", "hrm/Divisions")
    return shares.sign_in(browser, address, OWNER)


ENDINGS: list[tuple[str, Callable[[Browser, str], Any], dict[str, str], str]] = [
    ("wrong", lambda browser, address: shares.sign_in(browser, address, OWNER), WRONG, ShareState.WRONG),
    (
        "portal",
        lambda browser, address: shares.sign_in(browser, address, PORTAL),
        MIJNKANTOOR,
        ShareState.OPENED,
    ),
    ("declined", declined, DECLINED, ShareState.OPENED),
    ("scope", without_scope, SCOPE, ShareState.OPENED),
]


@BOTH
@pytest.mark.parametrize(
    ("act", "words", "state"), [each[1:] for each in ENDINGS], ids=[each[0] for each in ENDINGS]
)
def test_a_sign_in_that_is_refused_is_told_and_changes_nothing(
    ours: Administration, act: Any, words: dict[str, str], state: str, language: str
) -> None:
    link, address = shares.made(ours)
    browser = visitor(language)
    browser.get(address)
    before = shares.rows()
    page = act(browser, address)
    assert words[language] in shares.text(page)
    assert page.redirect_chain[-1][0] == address
    assert shares.rows() == before
    assert not SignIn.objects.exists()
    link.refresh_from_db()
    assert link.state == state
    assert link.is_open
    other = "en" if language == "nl" else "nl"
    assert words[other] in shares.text(visitor(other).get(address))  # said again in the other language
    office_page = office.browser(office.person(Role.REVIEWER, ours.client, language=other))
    shown = office_page.get(reverse("admin:exact_sharelink_change", args=(link.pk,)))
    assert words[other] in shares.text(shown)


def use(link: ShareLink) -> None:
    link.move(state=ShareState.DONE, ended_at=clock.now())


def revoke(link: ShareLink) -> None:
    link.revoke(by=UserFactory())


def disown(link: ShareLink) -> None:
    User.objects.filter(share_links=link).update(is_active=False)


def expire(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(expires_at=clock.now() - timedelta(minutes=1))


@BOTH
@pytest.mark.parametrize(
    ("end", "words", "status"),
    [(use, USED, 200), (revoke, REVOKED, 410), (expire, EXPIRED, 410), (disown, DISOWNED, 410)],
    ids=["used", "revoked", "expired", "disowned"],
)
def test_a_link_that_has_ended_says_so_before_and_after_the_sign_in(
    ours: Administration, end: Callable[[ShareLink], None], words: dict[str, str], status: int, language: str
) -> None:
    link, address = shares.made(ours)
    browser = visitor(language)
    back = Visitor().consent(shares.to_exact(browser, address), divisions=shares.FIRM, user=OWNER)
    end(link)
    before = shares.rows()
    for page in (browser.get(back, follow=True), browser.get(address), browser.post(address)):
        assert page.status_code == status
        assert words[language] in shares.text(page)
    assert shares.rows() == before
    assert not SignIn.objects.exists()


@BOTH
def test_in_the_admin_the_wrong_division_is_refused_in_the_language_of_the_person(
    ours: Administration, client: Browser, language: str
) -> None:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, language=language))
    before = shares.rows()
    for user, words in ((OWNER, WRONG), (PORTAL, MIJNKANTOOR)):
        consent = client.get(reverse("exact:connect"), {"division": ours.division.pk})["Location"]
        answer = client.get(Visitor().consent(consent, divisions=shares.FIRM, user=user))
        said = [str(message) for message in get_messages(answer.wsgi_request)]
        assert words[language] in said[-1]
    assert shares.rows() == before


@BOTH
def test_an_outsider_connects_a_new_administration(language: str, db: None) -> None:
    ours = AdministrationFactory(name="Noorderlicht")
    AdministrationIdentifierFactory(administration=ours, kind="kvk", value="19261865")
    link, address = shares.made(ours, language=language)
    browser = visitor(language)
    page = browser.get(address)
    with translation.override(language):
        wanted = translation.gettext("Sign in to Exact Online")
    assert "Marieke de Wit" in shares.text(page) and "Noorderlicht" in shares.text(page)
    assert wanted in shares.text(page) and "MijnKantoor" in shares.text(page)
    link.refresh_from_db()
    assert link.state == ShareState.OPENED
    page = shares.sign_in(browser, address, OWNER)
    assert USED[language] in shares.text(page)
    assert Division.objects.get().administration == ours
    connection = Connection.objects.get()
    assert (connection.owner, connection.is_shared) == (link.made_by, True)


def test_without_numbers_the_outsider_chooses_on_a_page(db: None) -> None:
    _link, address = shares.made(AdministrationFactory())
    browser = visitor("en")
    page = shares.sign_in(browser, address, USER)
    assert [one.code for one in page.context["choices"]] == sorted(
        shares.FIRM, key=lambda code: {3100101: 0, 3100102: 1, 3100201: 2, 3100301: 3}[code]
    )
    assert visitor("en").get(address).context["choices"] == []  # another browser chooses nothing
    assert visitor("en").post(address, {"division": BAKERY}).status_code == 200
    assert not Division.objects.exists()
    assert "Choose one of" in shares.text(browser.post(address, {"division": "x"}))
    page = browser.post(address, {"division": INSTALLER}, follow=True)
    assert USED["en"] in shares.text(page)
    assert [one.code for one in Division.objects.all()] == [INSTALLER]


def test_only_the_browser_that_began_comes_back(ours: Administration) -> None:
    link, address = shares.made(ours)
    browser = visitor("en")
    back = Visitor().consent(shares.to_exact(browser, address), divisions=[BAKERY])
    before = shares.rows()
    other = visitor("en")
    for stranger in (other, visitor("en")):
        page = stranger.get(back)
        assert page.status_code == 403
        assert "another browser" in shares.text(page)
    other.cookies[f"share-{link.pk}"] = browser.cookies[f"share-{link.pk}"].value[:-1] + "x"
    assert other.get(back).status_code == 403
    assert shares.rows() == before
    assert USED["en"] in shares.text(browser.get(back, follow=True))


def test_the_cookie_is_for_this_way_back_alone(ours: Administration) -> None:
    link, address = shares.made(ours)
    browser = visitor("en")
    shares.to_exact(browser, address)
    cookie = browser.cookies[f"share-{link.pk}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/exact/",
        86_400,
    )


@BOTH
def test_who_comes_back_too_late_or_twice_finds_the_link_again(
    ours: Administration, language: str, client: Browser
) -> None:
    _link, address = shares.made(ours)
    browser = visitor(language)
    back = Visitor().consent(shares.to_exact(browser, address), divisions=shares.FIRM, user=USER)
    time.advance(timedelta(minutes=11))
    page = browser.get(back, follow=True)
    assert page.redirect_chain[-1][0] == f"{address}?late"
    assert LATE[language] in shares.text(page)
    stranger = visitor(language).get(back)  # knows of no link: no page to log in, and no code in an address
    assert (stranger.status_code, LOST[language] in shares.text(stranger)) == (410, True)
    client.force_login(UserFactory(role=Role.REVIEWER))
    assert client.get(back).status_code == 403
    back = Visitor().consent(shares.to_exact(browser, address), divisions=shares.FIRM, user=USER)
    for _time in range(2):
        assert USED[language] in shares.text(browser.get(back, follow=True))
    browser.cookies[f"share-{_link.pk}"] = "x"
    assert browser.get(back).status_code == 410


def test_an_administrator_whose_session_ended_logs_in_and_goes_on(client: Browser) -> None:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    consent = client.get(reverse("exact:connect"))["Location"]
    client.logout()
    page = client.get(Visitor().consent(consent, divisions=shares.FIRM))
    assert page["Location"].startswith("/accounts/login/")


def test_who_was_cut_off_is_given_the_way_on(ours: Administration) -> None:
    link, address = shares.made(ours)
    browser = visitor("en")
    faults.arm("dropped_before", path="current/Me")
    page = shares.sign_in(browser, address, USER)
    assert "Go on with this sign-in" in shares.text(page)
    assert USED["en"] in shares.text(browser.get(page.context["again"], follow=True))
    link.refresh_from_db()
    assert link.state == ShareState.DONE


def test_the_pages_are_kept_by_nobody(ours: Administration) -> None:
    _link, address = shares.made(ours)
    for page in (
        visitor("nl").get(address),
        visitor("nl").post(address),
        visitor("nl").get(f"{address[:-2]}/"),
    ):
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "same-origin"
        assert page["X-Robots-Tag"] == "noindex"
    assert visitor("nl").get(f"{address[:-2]}/").status_code == 404
    assert visitor("nl").put(address).status_code == 405


def test_guessing_is_slowed_down(ours: Administration) -> None:
    cache.clear()
    browser, page = visitor("en"), reverse("exact:share", args=("guess",))
    statuses = [browser.get(page).status_code for _time in range(31)]
    assert statuses == [404] * 30 + [429]
    cache.clear()


def test_staff_make_a_link_see_it_once_follow_and_revoke_it(ours: Administration) -> None:
    client = ours.client
    browser = office.browser(office.person(Role.REVIEWER, client))
    theirs = AdministrationFactory()
    add = reverse("admin:exact_sharelink_add")
    page = browser.get(add, {"administration": ours.pk})
    assert ours.name in shares.text(page) and theirs.name not in shares.text(page)
    values = {"administration": ours.pk, "for_whom": "Pieter", "language": "nl", "days": "7"}
    refused = browser.post(add, {**values, "by_mail": "on"})
    assert not ShareLink.objects.exists() and refused.context["form"].errors["email"]
    assert browser.post(add, {**values, "administration": theirs.pk}).context["form"].errors["administration"]
    made = browser.post(add, values)
    link = ShareLink.objects.get()
    address = made.context["address"]
    assert address in shares.text(made)
    assert "no-store" in made["Cache-Control"]
    token = address.rstrip("/").rpartition("/")[2]
    change = reverse("admin:exact_sharelink_change", args=(link.pk,))
    for page in (browser.get(change), browser.get(reverse("admin:exact_sharelink_changelist"))):
        assert 'http-equiv="refresh"' in shares.text(page)
        assert token not in shares.text(page) and "Pieter" in shares.text(page)
    assert visitor("en").get(reverse("exact:share", args=(token,))).status_code == 200
    assert "Opened" in shares.text(browser.get(change))
    browser.post(reverse("admin:exact_sharelink_revoke", args=(link.pk,)))
    assert 'http-equiv="refresh"' not in shares.text(browser.get(change))
    assert visitor("en").get(reverse("exact:share", args=(token,))).status_code == 410
    assert token not in json.dumps(list(ShareLink.history.values()), default=str)


@pytest.mark.parametrize(("role", "may"), [(Role.REVIEWER, 200), (Role.BOOKKEEPER, 403), (Role.PARTNER, 403)])
def test_links_are_made_by_reviewers(ours: Administration, role: str, may: int) -> None:
    browser = office.browser(office.person(role, ours.client))
    assert browser.get(reverse("admin:exact_sharelink_add")).status_code == may
    link, _address = shares.made(ours)
    browser.post(reverse("admin:exact_sharelink_revoke", args=(link.pk,)))
    link.refresh_from_db()
    assert (link.state == ShareState.REVOKED) == (may == 200)


def test_the_pages_of_a_division_and_of_its_administration_offer_a_link(ours: Administration) -> None:
    browser = office.browser(office.person(Role.REVIEWER, ours.client))
    wanted = f"{reverse('admin:exact_sharelink_add')}?administration={ours.pk}"
    for address in (
        reverse("admin:exact_division_change", args=(ours.division.pk,)),
        reverse("admin:clients_administration_change", args=(ours.pk,)),
    ):
        assert wanted in shares.text(browser.get(address))


def test_books_in_globe_are_offered_a_link_and_others_elsewhere_none(ours: Administration) -> None:
    browser = office.browser(office.person(Role.REVIEWER, ours.client))
    offered = {}
    for package in Package:
        books = AdministrationFactory(client=ours.client, package=package)
        page = browser.get(reverse("admin:clients_administration_change", args=(books.pk,)))
        offered[package] = f"{reverse('admin:exact_sharelink_add')}?administration={books.pk}" in shares.text(
            page
        )
    assert offered == {Package.EXACT_ONLINE: True, Package.EXACT_GLOBE: True, Package.ACCEPT: False}


def test_the_country_is_asked_where_there_are_more(ours: Administration, connected: Connection) -> None:
    browser = office.browser(office.person(Role.REVIEWER, ours.client))
    add = reverse("admin:exact_sharelink_add")
    assert 'name="app"' not in shares.text(browser.get(add))
    belgium = ExactAppFactory(
        name="For administrators", country="BE", base_url="https://start.exactonline.be"
    )
    page = shares.text(browser.get(add))
    assert "(start.exactonline.be)" in page
    assert "For administrators" not in page
    free = AdministrationFactory(client=ours.client)
    browser.post(add, {"administration": free.pk, "language": "nl", "days": "7", "app": belgium.pk})
    assert ShareLink.objects.get().app == belgium


def test_a_link_that_could_not_be_mailed_says_so_to_the_office_alone(
    ours: Administration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("no mail server")

    monkeypatch.setattr(share_mails, "send_mail", fails)
    link, address = shares.made(ours, email="p@x.example", by_mail=True)
    for _time in range(share_mails.MOST_ATTEMPTS):
        share_tasks.mail_share_link(link.pk)
        time.advance(timedelta(hours=3))
    link.refresh_from_db()
    browser = office.browser(office.person(Role.REVIEWER, ours.client))
    page = shares.text(browser.get(reverse("admin:exact_sharelink_change", args=(link.pk,))))
    assert html.escape(link.said["en"]) in page  # the language of the reviewer
    listed = shares.text(browser.get(reverse("admin:exact_sharelink_changelist")))
    with translation.override("en"):
        standing = link.standing
    assert f'<span class="pk-chip pk-poor">{standing}</span>' in listed
    assert "p@x.example" not in shares.text(visitor("en").get(address))


def test_the_page_says_all_that_is_written(ours: Administration) -> None:
    _link, address = shares.made(ours)
    page = shares.text(visitor("en").get(address))
    for words in ("suppliers that are new", "numbers and bank accounts", "taken back", "digital mailbox"):
        assert words in page
