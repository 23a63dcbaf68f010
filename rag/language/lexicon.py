"""Word lists of French and English: stop words, abbreviations, words that tell the two languages apart.

All lists are lower case and without their final full stop; an apostrophe is the straight one. They were written for
this project, from grammar rather than from frequencies, so a rare word that carries meaning is never among them.
"""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    """Return the words of a list written with white space between them."""
    return frozenset(words.split())


FRENCH_STOP_WORDS = _listed("""
    le la les l un une des du de d au aux à en dans par pour sur sous avec sans vers chez entre contre depuis pendant
    dès jusque jusqu lorsqu puisqu quoiqu et ou où mais donc or ni car que qu qui quoi dont lequel laquelle lesquels
    lesquelles auquel auxquels duquel desquels quel quelle quels quelles quand comment pourquoi combien lorsque puisque
    quoique si comme
    je j me m moi tu te t toi il elle on nous vous ils elles se s soi lui leur leurs eux y ce c ceci cela ça cet cette
    ces celui celle ceux celles ci mon ma mes ton ta tes son sa ses notre nos votre vos ne n pas plus non oui
    être est suis es sommes êtes sont était étais étaient étions étiez été étant fut furent sera seront serait seraient
    soit soient fût avoir ai as a avons avez ont avait avais avaient aviez eu ayant eut eurent aura auront
    aurait auraient ait aient faire fait font faisait doit doivent peut peuvent va vont
    aussi ainsi alors très bien tout toute tous toutes même mêmes autre autres tel telle tels telles chaque quelque
    quelques peu trop là ici cependant lors afin selon parce
    """)

ENGLISH_STOP_WORDS = _listed("""
    a an the this that these those i me my mine we us our ours you your yours he him his she her hers it its they them
    their theirs who whom whose which what when where why how if and or but nor so than then as at by for from in into
    of off on onto out over to under up with without about after before between during through until while because
    is am are was were be been being has have had having do does did doing done will would shall should can could may
    might must not no yes there here very too also just only own same such some any each all both more most other many
    much
    don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't cannot couldn't
    shouldn't mustn't i'm you're we're they're i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll
    he'll she'll it'll we'll they'll let
    """)

STOP_WORDS = {"fr": FRENCH_STOP_WORDS, "en": ENGLISH_STOP_WORDS}

# Words that other languages written in Latin letters hardly share; they tell short questions apart.
TELLING_WORDS = {
    "fr": _listed("""
        le les des du une est et qui quoi quand où pourquoi comment combien quel quelle quels quelles il elle ils elles
        nous vous je ce cette ces dans pour avec sur sous pas ne aux leur leurs mais donc sont ont été fait dit à ça
        cela aussi être avoir était était-il peut peuvent doit doivent va vont qu'est-ce est-ce parle raconte résume
        explique entre chez depuis selon quelqu'un oui non
        """),
    "en": _listed("""
        the of and is are was were what when where who whose whom why how which does did do this that these those it
        its he she they we you your his her their to for with from by not has have had will would can could should
        an at about tell explain summarize summarise many much any there if be been yes
        """),
}

# An abbreviation that never ends a sentence: something always follows it.
NEVER_LAST = {
    "fr": _listed("mm mme mmes mlle mlles dr drs mgr cf c.-à-d c.-a-d càd par.ex"),
    "en": _listed("mr mrs ms dr drs messrs cf e.g i.e vs viz"),
}

# An abbreviation that ends a sentence only when a word that opens sentences follows.
SELDOM_LAST = {
    "fr": _listed("""
        pr prof st ste sts stes cap capt col gal gén lt cdt bd bld av env ex éd ed dir trad tél vs sté cie ets dép
        """),
    "en": _listed("""
        st prof gen col capt sgt lt maj adm cmdr gov sen rep rev hon pres mt ft approx inc ltd co corp bros jr sr
        dept univ est ave blvd rd v ed eds al ph.d
        """),
}

# An abbreviation that does not end a sentence when a number follows; so are those of months.
BEFORE_NUMBER = _listed("""
    art arts p pp n no nos num chap ch fig figs vol vols t al h min tél tel sect sec §
    """)

# Words besides the stop words that open a sentence rather than continue a name.
OPENERS = _listed("""
    everyone everybody nobody nothing something someone however meanwhile yesterday today tomorrow still now later
    since although though despite according
    hier demain aujourd'hui enfin puis ensuite après avant pourtant toutefois néanmoins malgré certains plusieurs aucun
    aucune personne rien déjà quant
    """)
