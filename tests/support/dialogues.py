"""Dialogues of two and three turns, on many subjects, written before the code that completes follow-ups.

Half of the two-turn dialogues end with a question that stands by itself and must stay as it is.
"""

from __future__ import annotations

from typing import NamedTuple


class Dialogue(NamedTuple):
    """Two turns. ``holds`` empty: the second question is complete and must come back unchanged."""

    question: str
    answer: str
    follow_up: str
    holds: str = ""  # words that must stand in what is searched
    lacks: str = ""  # words that must not
    kind: str = ""  # of answer that the follow-up wants; of several, one is enough


FRENCH_FOLLOW_UPS = [
    Dialogue(
        "Que dit la Russie de l'envoi de troupes ?",
        "Moscou considère tout envoi de troupes comme une menace directe. [1]",
        "Et la France ?",
        "que France envoi troupes",
        "Russie",
    ),
    Dialogue(
        "Où la dernière étape du Tour de France s'est-elle achevée ?",
        "Elle s'est achevée à Nice, sur la place Masséna.",
        "Quand ?",
        "étape Tour France achevée",
        "Où",
        "date",
    ),
    Dialogue(
        "Qui a découvert la pénicilline ?",
        "Alexander Fleming l'a découverte en observant une boîte oubliée.",
        "Comment a-t-il fait ?",
        "comment Fleming pénicilline",
        "qui",
    ),
    Dialogue(
        "Combien le chantier du Grand Paris Express a-t-il coûté ?",
        "« Le coût est désormais estimé à 36 milliards d'euros. » [1]",
        "Pourquoi ?",
        "chantier Grand Paris Express coûté",
        "combien",
        "reason",
    ),
    Dialogue(
        "Qu'a annoncé Christine Lagarde jeudi ?",
        "La présidente de la BCE a annoncé une baisse des taux. [2]",
        "Pourquoi dit-elle cela ?",
        "Lagarde annoncé",
        "",
        "reason",
    ),
    Dialogue(
        "Quel est le taux de chômage en Espagne ?",
        "Il est de 11,2 %.",
        "Et en Italie ?",
        "taux chômage Italie",
        "Espagne",
    ),
    Dialogue(
        "Combien de spectateurs sont venus à Avignon en 2023 ?",
        "Le festival en a compté 115 000.",
        "Et en 2024 ?",
        "spectateurs venus Avignon 2024",
        "2023",
        "quantity",
    ),
    Dialogue(
        "Combien d'espèces sont menacées dans le parc des Écrins ?",
        "Douze espèces y sont menacées.",
        "Lesquelles ?",
        "espèces menacées parc Écrins",
        "combien",
    ),
    Dialogue(
        "Que s'est-il passé le 14 juillet 1789 ?",
        "La foule a pris la Bastille.",
        "Et ensuite ?",
        "ensuite 14 juillet 1789",
    ),
    Dialogue(
        "De quoi Didier Deschamps a-t-il été accusé ?",
        "On l'accuse d'avoir écarté un joueur pour des raisons personnelles.",
        "Qu'a-t-il répondu ?",
        "Deschamps répondu accusé",
    ),
    Dialogue(
        "Où Marie Curie a-t-elle étudié la physique ?",
        "Elle l'a étudiée à la Sorbonne, à Paris.",
        "Avec qui ?",
        "avec qui Marie Curie étudié physique",
        "où",
        "person",
    ),
    Dialogue("Combien mesure la tour Eiffel ?", "Elle mesure 330 mètres.", "Et sa masse ?", "masse tour Eiffel"),
    Dialogue(
        "Quand le Piton de la Fournaise est-il entré en éruption ?",
        "Le volcan est entré en éruption le 2 juillet.",
        "Combien de temps cela a-t-il duré ?",
        "combien temps duré Piton Fournaise éruption",
        "quand",
        "duration",
    ),
    Dialogue(
        "Que pense Raphaël Glucksmann de l'accord avec le Mercosur ?",
        "Il le juge mauvais pour les éleveurs, tout comme Jordan Bardella.",
        "Et Bardella ?",
        "pense Bardella accord Mercosur",
        "Glucksmann",
    ),
    Dialogue(
        "Le musée du Louvre a-t-il été cambriolé ?",
        "Oui, des bijoux de la Couronne ont été volés le 19 octobre.",
        "Par qui ?",
        "par qui musée Louvre cambriolé",
        "",
        "person",
    ),
]

FRENCH_COMPLETE = [
    Dialogue("Qui est le Premier ministre ?", "Sébastien Lecornu.", "Que dit Macron de son projet ?"),
    Dialogue("Où se tient le sommet ?", "À Paris.", "Quand les responsables militaires se réunissent-ils ?"),
    Dialogue("Qui est concerné par la loi ?", "Les étrangers.", "Que faut-il pour obtenir la nationalité française ?"),
    Dialogue("Quand a eu lieu l'éruption solaire ?", "Lundi.", "Pourquoi y a-t-il des aurores boréales en Bretagne ?"),
    Dialogue("Que garantit l'État ?", "Les dépôts.", "Et si la banque faisait faillite, qui paierait les épargnants ?"),
    Dialogue("Quelle ville a été libérée ?", "Gao, en janvier 2013.", "Où se trouve Tombouctou ?"),
    Dialogue("Qui a construit la machine ?", "Charles Babbage.", "Qui est Ada Lovelace ?"),
    Dialogue("Que mangent les guêpes ?", "Des insectes.", "Comment les abeilles retrouvent-elles leur ruche ?"),
    Dialogue("Quand décolle l'avion ?", "À midi.", "Quelle heure est-il à Tokyo quand il est midi à Paris ?"),
    Dialogue(
        "Qui a quitté le gouvernement ?", "La ministre.", "La ministre a-t-elle expliqué pourquoi elle démissionnait ?"
    ),
    Dialogue("De quoi vivent les algues ?", "De lumière.", "Qu'est-ce que la photosynthèse ?"),
    Dialogue("Qui achète des avions ?", "L'Argentine.", "Est-il vrai que le Danemark a vendu ses vieux F-16 ?"),
    Dialogue("Que veut la Russie ?", "Un retrait de l'OTAN.", "De quoi parle l'article ?"),
    Dialogue(
        "Qui a gagné la finale ?", "L'Argentine, aux tirs au but.", "Combien de buts Kylian Mbappé a-t-il marqués ?"
    ),
    Dialogue("Qui était riche ?", "Les frères Nobel.", "Celui qui a inventé la dynamite était-il suédois ?"),
]

ENGLISH_FOLLOW_UPS = [
    Dialogue(
        "What does Ukraine ask of the coalition?",
        "Kyiv asks for air defences and for troops after a ceasefire. [1]",
        "And Russia?",
        "what Russia ask coalition",
        "Ukraine",
    ),
    Dialogue(
        "Where did the Apollo 13 capsule land?",
        "It splashed down in the South Pacific.",
        "When?",
        "Apollo 13 capsule land",
        "where",
        "date",
    ),
    Dialogue(
        "What did Jerome Powell say about interest rates?",
        "Powell said that they would stay high for longer. [3]",
        "Why does he say that?",
        "Powell interest rates",
        "",
        "reason",
    ),
    Dialogue(
        "Did the factory in Leeds lay off workers?",
        "Yes, in two waves.",
        "How many?",
        "how many factory Leeds workers",
        "",
        "quantity",
    ),
    Dialogue(
        "How fast is inflation growing in France?",
        "It grew by 0.2 points in May.",
        "What about Germany?",
        "inflation growing Germany",
        "France",
    ),
    Dialogue(
        "Who painted Guernica?",
        "Pablo Picasso painted it in 1937.",
        "Where is it kept?",
        "Guernica kept",
        "Picasso",
        "place",
    ),
    Dialogue(
        "Why was Serena Williams fined?",
        "For her words to the umpire during the final.",
        "How much?",
        "how much Serena Williams fined",
        "why",
        "money quantity",
    ),
    Dialogue(
        "Who won the World Cup in 1998?",
        "France beat Brazil by three goals to none.",
        "And in 2002?",
        "who won World Cup 2002",
        "1998",
        "person",
    ),
    Dialogue(
        "What is CRISPR used for?",
        "It is used to cut DNA at a chosen place.",
        "Who invented it?",
        "CRISPR invented",
        "",
        "person",
    ),
    Dialogue(
        "Did Elon Musk buy Twitter?",
        "Yes, in October 2022, for 44 billion dollars.",
        "How much did he pay for it?",
        "Musk pay Twitter",
        "",
        "money",
    ),
    Dialogue(
        "What are the symptoms of dengue?",
        "High fever, headache and pain behind the eyes.",
        "And the treatment?",
        "treatment dengue",
        "symptoms",
    ),
    Dialogue(
        "When did the Berlin Wall fall?",
        "On 9 November 1989.",
        "Why then?",
        "Berlin Wall fall",
        "when",
        "reason",
    ),
    Dialogue(
        "Which banks raised their fees?",
        "Barclays, HSBC and Lloyds raised them.",
        "Which ones lowered them?",
        "banks fees lowered",
    ),
    Dialogue(
        "What did the senators propose?",
        "Senators Warren and Hawley proposed a cap on card interest.",
        "Was their bill adopted?",
        "senators bill adopted",
    ),
    Dialogue(
        "Was the Rosetta Stone deciphered?",
        "Yes, in 1822, after twenty years of efforts.",
        "By whom?",
        "by whom Rosetta Stone deciphered",
        "",
        "person",
    ),
]

ENGLISH_COMPLETE = [
    Dialogue("Who wrote the book?", "Harper Lee.", "What is it about?"),
    Dialogue("What is the forecast?", "Sunshine in the south.", "Why is it raining so much in Scotland?"),
    Dialogue("Where is the probe?", "Near Jupiter.", "Is there life on Mars?"),
    Dialogue("Who followed Merkel?", "Olaf Scholz.", "What does Merkel say about her memoirs?"),
    Dialogue("Where do seals sleep?", "On the ice.", "How do whales find their mates?"),
    Dialogue("Who met in Brussels?", "The generals.", "When will the generals say what they decided?"),
    Dialogue("Which cars are taxed?", "Diesel cars.", "Is it true that Norway banned diesel cars?"),
    Dialogue("Who wrote the first program?", "Ada Lovelace.", "Who is Grace Hopper?"),
    Dialogue("What is the capital of Nigeria?", "Abuja.", "How many people live in Lagos?"),
    Dialogue("When did mammals appear?", "In the Triassic.", "And why did the dinosaurs die out?"),
    Dialogue("When was the plague?", "In 1665.", "What happened in London in 1666?"),
    Dialogue("How far is Mars?", "225 million kilometres.", "How long does it take to fly to Mars?"),
    Dialogue("Who bought Nokia's phones?", "Microsoft.", "Did Nokia say why it sold its phone business?"),
    Dialogue("What sank?", "The Essex.", "What happened to the sailors when their ship sank?"),
    Dialogue("Why is lithium dear?", "Demand grew.", "What about the environmental cost of lithium mining?"),
]

DIALOGUES = FRENCH_FOLLOW_UPS + FRENCH_COMPLETE + ENGLISH_FOLLOW_UPS + ENGLISH_COMPLETE


class Chain(NamedTuple):
    """Three turns; the last question is completed with what the second one was completed to."""

    turns: tuple[tuple[str, str], tuple[str, str]]  # (question, answer)
    last: str
    holds: str
    lacks: str = ""
    kind: str = ""


CHAINS = [
    Chain(
        (
            ("Que dit la Russie de l'envoi de troupes ?", "Que c'est une menace."),
            ("Et la France ?", "Qu'elle est prête à en envoyer."),
        ),
        "Et l'Allemagne ?",
        "Allemagne envoi troupes",
        "France Russie",
    ),
    Chain(
        (("Quand Ariane 6 a-t-elle décollé ?", "Le 9 juillet 2024."), ("D'où ?", "De Kourou, en Guyane.")),
        "Pourquoi ?",
        "pourquoi Ariane 6 décollé",
        "où quand",
        "reason",
    ),
    Chain(
        (("Qui a fondé la Croix-Rouge ?", "Henry Dunant l'a fondée."), ("Où est-il né ?", "À Genève.")),
        "Et quand ?",
        "Dunant né",
        "où",
        "date",
    ),
    Chain(
        (
            ("Combien coûte le billet de train ?", "89 euros en seconde classe."),
            ("Qui dirige la SNCF ?", "Jean Castex la dirige."),
        ),
        "Depuis quand ?",
        "dirige SNCF",
        "billet train",
        "date duration",
    ),
    Chain(
        (("How many medals did Japan win in Paris?", "Forty-five."), ("And Kenya?", "Eleven.")),
        "And in Tokyo?",
        "how many medals Kenya Tokyo",
        "Japan Paris",
        "quantity",
    ),
    Chain(
        (
            ("What is Ebola?", "A virus that causes fever and bleeding."),
            ("Who discovered it?", "Peter Piot and others."),
        ),
        "How does it spread?",
        "Ebola spread",
        "who",
    ),
    Chain(
        (("Who discovered radium?", "Marie and Pierre Curie."), ("When?", "In 1898.")),
        "Where?",
        "discovered radium",
        "when",
        "place",
    ),
]
