"""From connection, probes, licence and digital mailbox of one administration to the facts of its preflight."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Package
from apps.exact import mailbox_checklist, mailbox_points, visitors
from apps.exact.mailbox_points import GOOD
from apps.exact.models import (
    ConnectionStatus,
    DigitalMailbox,
    Division,
    MailboxState,
    RightProbe,
    SyncState,
)
from apps.exact.rights_words import ASKED_AT, RIGHTS, scope_in
from apps.invoices.models import ActiveMethod, Kind
from apps.posting.models import Method
from apps.preflight.access_facts import Licence, Mailbox, User, UserKind

_KINDS = (
    ("IsMyFirmPortalUser", UserKind.PORTAL),
    ("IsMyFirmLiteUser", UserKind.LITE),
    ("IsEmployeeSelfServiceUser", UserKind.EMPLOYEE),
)


def methods_of(administration: Administration) -> frozenset[str]:
    """Return the methods by which its documents are delivered."""
    return frozenset(ActiveMethod.objects.method_for(administration.pk, kind) for kind in Kind.values)


def user_of(division: Division, states: dict[str, SyncState]) -> User:
    """Return the connected user, with what the probes and the syncs met."""
    connection = division.connection
    if connection is None:
        return User(trouble=_("No connection reaches this division."))
    probes = {
        row.endpoint: row
        for row in RightProbe.objects.filter(division=division, connection=connection)
        if row.words or row.allowed is not None
    }
    barred = connection.status in (ConnectionStatus.LOST, ConnectionStatus.BLOCKED) or division.refused
    asked = [probes.get(right.endpoint) for right in RIGHTS]
    return User(
        kind=_kind(connection.me_facts),
        name=connection.user_name,
        trouble=connection.sentences or division.get_refused_display() if barred else "",
        rights={
            right.key: None if row is None or row.is_scope else row.allowed
            for right, row in zip(RIGHTS, asked, strict=True)
        },
        scopes=_scopes(probes, states) if probes else None,
    )


def _kind(flags: dict[str, Any]) -> UserKind:
    if not flags:
        return UserKind.UNKNOWN
    return next((kind for name, kind in _KINDS if flags.get(name)), UserKind.FULL)


def _scopes(probes: dict[str, RightProbe], states: dict[str, SyncState]) -> tuple[str, ...]:
    """Return the scopes that refusals named: of probes, and of mirrors whose newest reading met one."""
    told = [row.words for row in probes.values() if row.is_scope or row.endpoint == ASKED_AT]
    told += [state.trouble for state in states.values() if state.trouble]
    return tuple(sorted({scope for words in told if (scope := scope_in(words))}))


def licence_of(
    division: Division, states: dict[str, SyncState], methods: frozenset[str], mailbox: DigitalMailbox
) -> Licence:
    """Return what the package holds; a trial is known by names and marks that are guesses, hence settings."""
    features = division.features or () if is_read(states, "features") or division.features else None
    told = (*division.features, division.package_type)
    package = mailbox.administration.package
    return Licence(
        package=package,
        kind=division.package_type,
        features=None if features is None else tuple(features),
        trial=next(iter(_with(told, settings.EXACT_TRIAL_WORDS)), ""),
        is_trial_user=visitors.is_of_trial(
            division.connection.me_facts if division.connection else {}, settings.EXACT_TRIAL_USER_FLAGS
        ),
        has_mailbox=mailbox.state == MailboxState.ACTIVE
        or bool(_with(division.features, settings.EXACT_MAILBOX_WORDS)),
        is_logistic=bool(_with(told, settings.EXACT_LOGISTIC_WORDS)),
        methods=methods,
        wants_mailbox=Method.MAILBOX.value in methods or package != Package.EXACT_ONLINE,
    )


def mailbox_row(administration: Administration) -> DigitalMailbox:
    """Return the digital mailbox of an administration; one that is not stored where nobody set it up."""
    kept = DigitalMailbox.objects.filter(administration=administration).first()
    mailbox = kept or DigitalMailbox()
    mailbox.administration = administration
    return mailbox


def mailbox_of(mailbox: DigitalMailbox) -> Mailbox:
    """Return how a digital mailbox stands, by its page's own advice and checklist."""
    state = mailbox_points.state(mailbox)
    points = (point for point in mailbox_checklist.points(mailbox) if point != state)
    return Mailbox(
        level=mailbox_checklist.advice(mailbox).level,
        told=mailbox_checklist.told(mailbox),
        open_points=tuple(point.level for point in points if point.level != GOOD),
        is_refused_as_trial=mailbox.state == MailboxState.TRIAL,
    )


def _with(told: Iterable[str], words: Iterable[str]) -> list[str]:
    return [text for text in told if text and any(word.lower() in text.lower() for word in words)]


def is_read(states: dict[str, SyncState], *names: str) -> bool:
    """Tell whether the mirrors of these names were ever read to their end."""
    return all(name in states and states[name].synced_at is not None for name in names)
