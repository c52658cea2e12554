"""Numbers in Word's pictures, against the standard's own examples and what French mail merges are written with."""

from __future__ import annotations

from decimal import Decimal

import pytest

from conventool.text.number_pictures import PictureError, number_in_picture, number_like_picture

WRITTEN = [
    # of ISO/IEC 29500-1, 17.16.4.2, in the signs of French
    ("15", "$###", "$ 15"),
    ("15", "00.00", "15,00"),
    ("222492", "x##", "492"),
    ("0.125", "0.00x", "0,125"),
    ("2456800", "$#,###,###", "$2 456 800"),
    ("-80", "-##", "-80"),
    ("10", "+##", "+10"),
    ("-10", "+##", "-10"),
    ("33", "##%", "33%"),
    ("35", "0,00;(0,00);'néant'", "35,00"),
    ("-35", "0,00;(0,00);'néant'", "(35,00)"),
    ("0", "0,00;(0,00);'néant'", "néant"),
    # what French documents ask
    ("1234.5", "# ##0,00 €", "1 234,50 €"),
    ("1234567.891", "# ##0,00", "1 234 567,89"),
    ("0.5", "# ##0,00", "0,50"),
    ("50", "# ##0,00", "50,00"),
    ("-1234.5", "# ##0,00 €", "-1 234,50 €"),
    ("1234.5", "#,##0.00", "1 234,50"),
    ("1234567", ",0", "1 234 567"),
    ("12", "0,##", "12"),
    ("12.3", "0,##", "12,3"),
    ("1234.4", "0", "1234"),
    ("2.345", "0,00", "2,35"),
    ("12.5", "0,0 'ha'", "12,5 ha"),
    ("1280", "00000", "01280"),
]


@pytest.mark.parametrize(("number", "picture", "text"), WRITTEN)
def test_a_number_is_written_as_its_picture_asks(number: str, picture: str, text: str) -> None:
    """Spaces that part thousands do not break."""
    assert number_like_picture(Decimal(number), picture).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "picture", "text"),
    [
        ("0612345678", "00 00 00 00 00", "06 12 34 56 78"),
        ("06.12.34.56.78", "00' '00' '00' '00' '00", "06 12 34 56 78"),
        ("12345678200077", "000 000 000 00000", "123 456 782 00077"),
        ("1 234,5", "# ##0,00", "1 234,50"),
        ("à définir", "# ##0,00", "à définir"),
        ("", "0", ""),
    ],
)
def test_a_text_is_read_as_a_number_if_it_is_one(value: str, picture: str, text: str) -> None:
    """Else it stays as it is, as in Word."""
    assert number_like_picture(value, picture).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("text", "picture", "number"),
    [
        ("1 234,50 €", "# ##0,00 €", Decimal("1234.50")),
        ("(35,00)", "0,00;(0,00)", Decimal("-35.00")),
        ("06 12 34 56 78", "00 00 00 00 00", "0612345678"),
        ("2 m² sur 3", "0 m² sur 3", Decimal(2)),
        ("1 234,5", "# ##0,00", None),
        ("à définir", "0,00", None),
    ],
)
def test_a_number_is_read_back(text: str, picture: str, number: Decimal | str | None) -> None:
    """If the picture would write it so."""
    assert number_in_picture(text, picture) == number


@pytest.mark.parametrize("picture", ["€", "", "'0'", "0" * 101])
def test_a_picture_without_digits_is_refused(picture: str) -> None:
    """Nothing could be printed."""
    with pytest.raises(PictureError, match="image de nombre"):
        number_like_picture(3, picture)
