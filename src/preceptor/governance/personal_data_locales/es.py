"""Spanish: Spain first, and the numbering plans of the larger countries of America."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.after_words import AfterWords
from preceptor.governance.personal_data_locale import Locale
from preceptor.governance.written_number import WrittenNumber

MONTH = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)"
DATE = (
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}(?P<sign>[./-])\d{1,2}(?P=sign)(?:\d{4}|\d{2})"
    rf"|\d{{1,2}} de {MONTH},? (?:del? )?\d{{4}}"
)
# Groups of letters and digits, as hospitals and colleges write them.
IDENTIFIER = r"(?=[a-z]{0,4}-?\d)[a-z\d](?:[ -]?[a-z\d]){3,17}+"
SAY_NUMBER = ("es", "el", "número", "numero", "núm", "num", "nº", "n", "de", "la", "mi", "su")
SEVEN_DIGITS = "[^0-9][0-9]{7}"
CONTROL_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
COMPANY_LETTERS = "JABCDEFGHI"


def _compact(value: str) -> str:
    return "".join(character for character in value.upper() if character not in " .-/")


def _is_identity_number(value: str) -> bool:
    """Royal Decree 1553/2005: the letter follows from the number modulo 23; X, Y, Z stand for 0, 1, 2."""
    plain = _compact(value)
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdecimal() and CONTROL_LETTERS[int(number) % 23] == plain[-1]


def _is_company_number(value: str) -> bool:
    """Order EHA/451/2008: a Luhn-like digit, written as a letter for some kinds of company."""
    plain = _compact(value)
    digits = plain[1:8]
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[::2])
    control = (10 - (doubled + sum(map(int, digits[1::2]))) % 10) % 10
    return plain[8] in {str(control), COMPANY_LETTERS[control]}


def _is_social_security_number(value: str) -> bool:
    """The last two digits are the rest of the others modulo 97 (Seguridad Social, número de afiliación)."""
    plain = _compact(value)
    province, number, control = plain[:2], plain[2:-2], plain[-2:]
    if not 1 <= int(province) <= 66:  # noqa: PLR2004 - the provinces' codes
        return False
    joined = province + (number[1:] if len(number) == 8 and number[0] == "0" else number)  # noqa: PLR2004 - its digits
    return int(joined) % 97 == int(control)


@dataclass(frozen=True, kw_only=True)
class Es:
    """Spanish.

    >>> dni = Es.locale.patterns[0]
    >>> list(dni.find("DNI 12345678Z, no 12345678A"))
    [Span(start=4, end=13)]
    """

    version: ClassVar[int] = 1
    locale: ClassVar[Locale] = Locale(
        language="es",
        phone_regions=("ES", "MX", "CO", "PE"),
        phone_words=(
            "teléfono", "telefono", "tel", "telf", "tlf", "tfno", "tfn", "móvil", "movil", "celular", "fax", "whatsapp",
            "llámame al", "llamame al", "llámeme al", "llamar al", "llame al", "contacto", "fijo",
        ),
        phone_words_after=("móvil", "fijo", "fax"),
        other_number_words=(
            "pedido", "factura", "referencia", "expediente", "reserva", "cuenta", "póliza", "poliza", "seguimiento",
            "artículo", "producto", "socio", "episodio", "nº de serie",
        ),
        password_words=("contraseña", "clave de acceso"),
        patterns=(
            WrittenNumber(
                type="ES_NIF", form="[0-9]{8}[ -]?[A-Z]", is_valid=_is_identity_number, trigger=SEVEN_DIGITS
            ),
            WrittenNumber(
                type="ES_NIF", form=r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}[ -]?[A-Z]", is_valid=_is_identity_number,
            ),
            WrittenNumber(
                type="ES_NIE", form="[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", is_valid=_is_identity_number, trigger=SEVEN_DIGITS,
            ),
            WrittenNumber(
                type="ES_CIF", form="[ABCDEFGHJNPQRSUVW]-?[0-9]{7}[0-9A-J]", is_valid=_is_company_number,
                trigger=SEVEN_DIGITS, precedence=62,
            ),
            WrittenNumber(
                type="ES_SOCIAL_SECURITY", form="[0-9]{2}[ /-]?[0-9]{7,8}[ /-]?[0-9]{2}",
                is_valid=_is_social_security_number, trigger=SEVEN_DIGITS,
            ),
            AfterWords(
                type="ES_SOCIAL_SECURITY",
                words=("nass", "nuss", "seguridad social", "número de afiliación", "numero de afiliacion"),
                fillers=SAY_NUMBER, value=r"\d{2}[ /-]?\d{4,9}(?:[ /-]?\d{1,2})?+", precedence=45,
            ),
            AfterWords(
                type="DATE_OF_BIRTH",
                words=("fecha de nacimiento", "nacido", "nacida", "nacimiento", "nací", "nació", "fecha nac", "f. nac"),
                fillers=("el", "en", "es", "día", "dia", "fue"), value=DATE,
            ),
            AfterWords(
                type="POSTAL_CODE", words=("cp", "c.p", "código postal", "codigo postal"), fillers=("es", "el"),
                value=r"\d{4,6}", precedence=75,
            ),
            AfterWords(
                type="PASSPORT", words=("pasaporte",), fillers=SAY_NUMBER, value=r"[a-z]{0,3}\d{6,9}", precedence=45,
            ),
            AfterWords(
                type="MEDICAL_RECORD",
                words=("nhc", "cipa", "historia clínica", "historia clinica", "número de historia", "nº de historia"),
                fillers=SAY_NUMBER, value=IDENTIFIER, precedence=45,
            ),
            AfterWords(
                type="PROFESSIONAL_LICENSE",
                words=("nºcol", "nº col", "n.º col", "colegiado", "colegiada", "nº colegiado", "nºcolegiado"),
                fillers=SAY_NUMBER, value=r"\d{2}[ /-]?\d{2}(?:[ /-]?\d{2,5})?+", precedence=45,
            ),
        ),
        name_cues=(
            "sr", "sra", "srta", "dr", "dra", "don", "doña", "d.", "dª", "estimado", "estimada", "querido", "querida",
            "me llamo", "mi nombre es", "soy", "nombre", "apellidos", "atentamente", "saludos", "hola", "firmado",
            "médico",
        ),
        ner_models=("es_core_news_lg", "es_core_news_md", "es_core_news_sm"),
        given_names=(
            "Alba", "Bruno", "Carla", "Diego", "Elena", "Fernando", "Gloria", "Hugo", "Inés", "Javier", "Laura",
            "Marcos", "Nuria", "Óscar", "Paula", "Raúl", "Sofía", "Tomás", "Vera",
        ),
        family_names=(
            "Alonso", "Blanco", "Castro", "Delgado", "Esteban", "Fuentes", "Gil", "Herrero", "Iglesias", "Lozano",
            "Marín", "Navarro", "Ortega", "Prieto", "Ramos", "Serrano", "Torres", "Vidal",
        ),
    )  # fmt: skip
