"""What each licence asks of whoever uses the data: one table of SPDX identifiers."""

from __future__ import annotations

from typing import Literal, cast, get_args

Term = Literal["share_alike", "non_commercial", "no_derivatives"]
TERMS = cast("tuple[Term, ...]", get_args(Term))

# https://spdx.org/licenses. Those that ask at most for a notice or the authors' names.
_PERMISSIVE = """
0BSD AFL-3.0 Apache-1.1 Apache-2.0 Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent
BSD-3-Clause BSD-3-Clause-Clear BSD-4-Clause BSL-1.0 CC-PDDC CC-PDM-1.0 CC0-1.0 CDLA-Permissive-1.0
CDLA-Permissive-2.0 ECL-2.0 Fair ISC MIT MIT-0 MulanPSL-2.0 NCSA ODC-By-1.0 OGL-UK-1.0 OGL-UK-2.0 OGL-UK-3.0
OGL-Canada-2.0 etalab-2.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 PDDL-1.0 PostgreSQL PSF-2.0 Python-2.0 Unicode-3.0
Unicode-DFS-2016 Unlicense UPL-1.0 W3C WTFPL X11 Zlib ZPL-2.1 NLOD-2.0 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0
CC-BY-4.0 CC-BY-3.0-US CC-BY-3.0-DE CC-BY-3.0-AT CC-BY-3.0-NL CC-BY-3.0-IGO CC-BY-2.5-AU CC-BY-3.0-AU
"""
# Those that ask whoever passes on what is made from it to use the same licence.
_SHARE_ALIKE = """
AGPL-1.0-only AGPL-3.0-only AGPL-3.0-or-later AGPL-3.0 GPL-1.0-only GPL-1.0-or-later GPL-2.0 GPL-2.0-only
GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1-only
LGPL-2.1-or-later LGPL-3.0 LGPL-3.0-only LGPL-3.0-or-later GFDL-1.1-only GFDL-1.1-or-later GFDL-1.2-only
GFDL-1.2-or-later GFDL-1.3 GFDL-1.3-only GFDL-1.3-or-later MPL-1.1 MPL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 CDDL-1.0
CDDL-1.1 OSL-3.0 MS-RL CPL-1.0 CECILL-2.1 CDLA-Sharing-1.0 ODbL-1.0 LAL-1.3 SSPL-1.0 CC-BY-SA-1.0 CC-BY-SA-2.0
CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-BY-SA-3.0-DE CC-BY-SA-3.0-AT CC-BY-SA-3.0-IGO
"""
_NON_COMMERCIAL = """
CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-3.0-DE PolyForm-Noncommercial-1.0.0
NCGL-UK-2.0 Aladdin
"""
_NON_COMMERCIAL_SHARE_ALIKE = """
CC-BY-NC-SA-1.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-NC-SA-3.0-DE CC-BY-NC-SA-3.0-IGO
CC-BY-NC-SA-2.0-UK CC-BY-NC-SA-2.0-FR CC-BY-NC-SA-2.0-DE
"""
_NO_DERIVATIVES = """
CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-4.0 CC-BY-ND-3.0-DE
"""
_NON_COMMERCIAL_NO_DERIVATIVES = """
CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 CC-BY-NC-ND-3.0-DE CC-BY-NC-ND-3.0-IGO
"""
_TABLE: tuple[tuple[str, frozenset[Term]], ...] = (
    (_PERMISSIVE, frozenset()),
    (_SHARE_ALIKE, frozenset({"share_alike"})),
    (_NON_COMMERCIAL, frozenset({"non_commercial"})),
    (_NON_COMMERCIAL_SHARE_ALIKE, frozenset({"non_commercial", "share_alike"})),
    (_NO_DERIVATIVES, frozenset({"no_derivatives"})),
    (_NON_COMMERCIAL_NO_DERIVATIVES, frozenset({"non_commercial", "no_derivatives"})),
)
# SPDX compares identifiers without regard to capitals.
_TERMS_OF = {name.lower(): terms for names, terms in _TABLE for name in names.split()}


def licence_terms(identifier: str) -> frozenset[Term] | None:
    """What the licence asks beyond naming its authors; None for an identifier that is not in the table.

    A `+` at the end (this version or a later one) changes nothing. The table holds what data and
    its code come under; it is no legal advice.

    >>> sorted(licence_terms("cc-by-nc-sa-4.0")), licence_terms("MIT"), licence_terms("Acme-1.0")
    (['non_commercial', 'share_alike'], frozenset(), None)
    """
    return _TERMS_OF.get(identifier.lower().removesuffix("+"))
