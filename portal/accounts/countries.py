"""Three-letter codes of countries and areas, as passports print them (ISO 3166-1, with the codes of ICAO Doc 9303)."""

from django.utils.translation import gettext_lazy as _

from portal.shared.errors import Reason, Refusal

CODES = frozenset(
    (  # noqa: SIM905 - a list of them would fill a page
        "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH "
        "BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CIV CMR COD COG COK COL COM CPV CRI CUB CUW "
        "CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY "
        "GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL "
        "ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAF MAR "
        "MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC "
        "NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU "
        "SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA "
        "TJK TKL TKM TLS TON TTO TUN TUR TUV TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF "
        "ZMB ZWE XXA XXB XXC UNO UNK RKS"
    ).split()
)
ON_PASSPORTS = {"D": "DEU"}


def country_code(typed: str) -> str:
    """Return the checked code in capitals; raises Refusal with field ``country``."""
    code = typed.strip().upper()
    code = ON_PASSPORTS.get(code, code)
    if code not in CODES:
        text = _("请填写护照资料页上的三位国家或地区代码，例如德国DEU、日本JPN。")
        raise Refusal([Reason(text, code="country_unknown", field="country")])
    return code
