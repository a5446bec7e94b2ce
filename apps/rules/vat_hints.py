"""What the words on a document hint about its VAT: goods or services, reverse charge, margin scheme, KOR. Pure.

Words of Dutch, English, German and French invoices. Hints break ties and are told; they never overrule what the
document says in codes.
"""

import re

GOODS, SERVICES = "goods", "services"

_SERVICES = re.compile(
    r"dienst|service|consult|advies|advis|licen[cs]|lizenz|abonnement|subscri|software|\bsaas\b|hosting|\bcloud\b"
    r"|\buur\b|\buren\b|\bhours?\b|stunden|onderhoud|maintenance|wartung|\bsupport\b|training|cursus|advert|reclame"
    r"|marketing|transport|vracht|freight|montage|installatie|reparatie|\brepairs?\b|\bhuur|\brent|miete|commissi"
    r"|\bfees?\b|vertaling|translation|\bontwerp|beratung|prestation"
)
_GOODS = re.compile(
    r"goederen|\bgoods\b|\bwaren\b|material|materiaal|machine|onderdelen|\bparts\b|ersatzteil|grondstof|artikelen"
    r"|hardware|equipment|apparatuur|meubel|gereedschap|\bstuks?\b|pallet|\bkg\b|intrastat|marchandise"
)
_REVERSE = re.compile(
    r"verlegd|verlegging|reverse.?charge|autoliquidation|steuerschuldnerschaft des leistungsempf|inversione contabile"
)
# The words that the law wants on such an invoice (VAT directive art. 226, 13-14), and those of the trade.
_MARGIN_PHRASE = re.compile(
    r"marge.?regeling|marge.?goed|margin scheme|differenzbesteuerung|gebrauchtgegenst\S{0,6}\s?/\s?sonderregelung"
    r"|r.gime (?:particulier|de la marge)"
    r"|bijzondere regeling.{0,5}(?:gebruikte goederen|kunst|verzamel|antiquiteit|reisbureau)"
)
_SMALL = re.compile(
    r"kleine.?ondernemers?.?regeling|regeling (?:voor )?(?:de )?kleine ondernemers?\b"
    r"|\bkor\b|small business scheme|kleinunternehmer"
    r"|franchise (?:en base )?de (?:la )?tva"
    r"|artikel 25 (?:van de )?wet (?:op de )?omzetbelasting"
)


def kind_of(text: str) -> str:
    """Return GOODS or SERVICES when `text` hints at one of them alone, "" when it does not tell."""
    words = text.lower()
    services, goods = bool(_SERVICES.search(words)), bool(_GOODS.search(words))
    return "" if services == goods else SERVICES if services else GOODS


def is_reverse_charge(reason: str) -> bool:
    """Tell whether the reason of an exemption says that the VAT is reverse-charged."""
    return bool(_REVERSE.search(reason.lower()))


def says_margin(text: str) -> bool:
    """Tell whether `text` names the margin scheme, and not just any margin."""
    return bool(_MARGIN_PHRASE.search(text.lower()))


def says_small_business(text: str) -> bool:
    """Tell whether `text` says that the supplier uses the small business scheme (KOR)."""
    return bool(_SMALL.search(text.lower()))
