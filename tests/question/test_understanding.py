"""A question as it is typed, before anything is searched for it."""

import pytest

from rag.question import understand


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("QUI EST LE MAIRE DE BRÉHAL ?", "Qui est le maire de bréhal ?"),
        ("WHO PAID FOR THE DYKE?", "Who paid for the dyke?"),
        ("¿CUÁNDO ABRE EL PUERTO?", "¿cuándo abre el puerto?"),
        ("Combien l'OTAN a-t-elle payé ?", "Combien l'OTAN a-t-elle payé ?"),
        ("OTAN ?", "OTAN ?"),
        ("1968 - 2024 ?", "1968 - 2024 ?"),
    ],
)
def test_what_is_shouted_is_read_as_if_it_were_said(typed, read):
    assert understand(typed).text == read
    assert [word.stem for word in understand(typed).words] == [word.stem for word in understand(read).words]
