"""An article about a harbour, one too long for a small model, a short one, and how a text is put into a library."""

from __future__ import annotations

from rag.index.adding import add_text
from rag.index.library import Library

TITLE = "Le port de Bréhal rouvre après deux ans de travaux"


COST = "Le chantier a coûté 4,2 millions d'euros."


OPENING = "Le port de Bréhal a rouvert samedi 14 juin 2025."


LENGTH = "La digue mesure désormais 310 mètres."


HOUSE = "Le phare reste fermé jusqu'en septembre, faute de gardien."


FISHERS = "Vingt-deux pêcheurs y débarquent des homards chaque matin."


MAYOR = "La maire, Nadège Corbin, a coupé le ruban devant six cents habitants."


HARBOUR = f"""{TITLE}

{OPENING} {MAYOR} La fanfare de Saint-Malo a joué sur le quai jusqu'à la nuit, malgré une averse.

Les travaux

{COST} La région en a payé la moitié. {LENGTH}
Elle était trop basse depuis la tempête de 1987, qui avait emporté trois maisons.
Les pierres viennent d'une carrière de Bretagne, par bateau, sous la garde de la douane.

Ceux qui y travaillent

{FISHERS} Ils réclament une chambre froide.
La coopérative emploie aussi neuf personnes à la criée, où le poisson se vend à cinq heures.
Un apprenti apprend à réparer les filets, sous un auvent de toile.

Ce qui manque encore

{HOUSE} Les plongeurs attendent un ponton. Aucune date n'est donnée pour le parking, que les riverains refusent.
"""


LONG = HARBOUR + "".join(
    f"\nQuai numéro {number}\n\nLe quai numéro {number} reçoit les voiliers de passage. "
    + "On y trouve des anneaux, une grue, deux bancs, une fontaine, un abri de bois et un panneau de marées. " * 5
    + "\n"
    for number in range(1, 9)
)


PORT = "Le port de Bréhal rouvre\n\nLa digue mesure désormais 310 mètres. Elle a coûté 4,2 millions d'euros.\n"


HOW_MUCH = "Combien le chantier du port a-t-il coûté ?"


ELSEWHERE = "Quelle est la capitale du Japon ?"


def put(library: Library, text: str) -> str:
    """Add a text to the library and return its identifier."""
    *_, done = add_text(lambda: library, text)
    return done.entry.identifier
