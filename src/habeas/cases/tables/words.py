"""What lists call their columns, and how they say what happened, in English, French, Spanish and Arabic.

Only proposals are made from these: what a mapping says goes before them.
"""

from habeas.cases.tables.cells import fold

# Each thing a column can be, and what it becomes in the registry.
FIELDS = {
    "name": "the person's name; several spellings may be in one cell",
    "other_name": "another spelling, pen name or alias",
    "reference": "your reference of the case, like SY-2014-003; without one, each case gets its own",
    "key": "the list's own number of the row: by it, a row is recognised when the list is read again",
    "status": "what happened: see [status]",
    "date": "when it happened",
    "country": "where it happened",
    "nationality": "the person's nationality",
    "employer": "for whom the person works: a newspaper, a station",
    "publisher": "who says so: the publisher of the source",
    "occupation": "what the person does: journalist, blogger, lawyer",
    "motive": "why, as the list says it: kept as its words with the event",
    "place": "town or region",
    "sex": "female or male",
    "birth": "date of birth",
    "note": "anything else to keep with the event",
    "url": "where it can be read; several may be in one cell",
}
SEVERAL = frozenset({"other_name", "note", "url"})  # may be mapped to more than one column
DATED = frozenset({"date", "birth"})

_HEADERS = {
    "name": "name; full name; person; victim; journalist; detainee; prisoner; nom; nom complet; "
    "nom et prénom; prénom et nom; personne; victime; nombre; nombre completo; nombre y "
    "apellido; persona; víctima; الاسم; الاسم الكامل; اسم; الضحية; الصحفي; journalist "
    "name; victim name; name of journalist; name of victim",
    "other_name": "other name; other names; alias; aliases; also known as; aka; pen name; name in "
    "arabic; arabic name; original name; native name; local name; autre nom; pseudonyme; "
    "otro nombre; seudónimo; الاسم المستعار",
    "reference": "reference; ref; case reference; case ref; référence; referencia; المرجع",
    "key": "id; key; row id; record id; identifier; no; number; uid; uuid; identifiant; numéro; "
    "identificador; número; الرقم; المعرف; slug",
    "status": "status; what happened; fate; outcome; situation; incident; incident type; type of "
    "incident; type of violation; violation; statut; état; sort; estado; situación; "
    "suceso; الحالة; الوضع; نوع الانتهاك; current status; type of attack; event; event "
    "type",
    "date": "date; when; date of incident; incident date; date of event; event date; date of "
    "death; date killed; date of arrest; arrest date; date of imprisonment; date of "
    "detention; day; date de l'événement; date d'arrestation; date de décès; date du "
    "décès; date des faits; fecha; fecha de detención; fecha de muerte; التاريخ; تاريخ; "
    "تاريخ الاعتقال; تاريخ الوفاة; تاريخ الحادث; date in words",
    "country": "country; country killed; country of incident; country imprisoned; nation; pays; "
    "país; البلد; الدولة; country name; pays de l'incident; lieu pays; location country",
    "nationality": "nationality; citizenship; nationalité; nacionalidad; الجنسية; country of nationality",
    "employer": "organisation; organization; employer; medium; media; media organization; media "
    "organisation; outlet; media outlet; news organization; news organisation; newspaper; "
    "works for; organisations; organizations; média; organisation de presse; employeur; "
    "rédaction; medio; medios; organización; empleador; المؤسسة; الجهة; وسيلة الإعلام; "
    "المؤسسة الإعلامية; جهة العمل",
    "publisher": "source; publisher; source name; reported by; documented by; fuente; éditeur; المصدر",
    "occupation": "type; occupation; profession; job; jobs; role; category; type of person; type of "
    "journalist; occupations covered; profesión; ocupación; oficio; tipo; métier; "
    "fonction; catégorie; المهنة; النوع; الصفة; الوظيفة; journalist type; worker type; "
    "kind; function",
    "motive": "motive; motive confirmed; reason; charge; charges; grounds; cause; motif; motifs; "
    "raison; accusation; chef d'accusation; motivo; cargo; cargos; acusación; السبب; "
    "الدافع; التهمة; التهم",
    "place": "place; city; town; location; region; province; lieu; ville; région; lugar; ciudad; "
    "región; المكان; المدينة; المنطقة; المحافظة; place of incident; place of detention",
    "sex": "sex; gender; sexe; genre; sexo; género; الجنس",
    "birth": "date of birth; birth date; born; birthday; date de naissance; fecha de nacimiento; "
    "تاريخ الميلاد",
    "note": "note; notes; comment; comments; description; details; summary; remarque; remarques; "
    "commentaire; détails; résumé; nota; notas; comentario; descripción; resumen; "
    "ملاحظات; ملاحظة; الوصف; التفاصيل",
    "url": "url; urls; link; links; source url; source link; web; website; web page; reference "
    "url; lien; liens; enlace; enlaces; الرابط; رابط; source urls; more information",
}
_STATUSES = {
    "arrest": "imprisoned; arrested; jailed; imprisonment; arrest; in prison; in jail; behind bars; "
    "emprisonné; emprisonnée; incarcéré; incarcérée; arrêté; arrêtée; arrestation; en "
    "prison; encarcelado; encarcelada; arrestado; arrestada; preso; presa; en prisión; "
    "معتقل; معتقلة; اعتقال; سجين; سجينة; مسجون; مسجونة",
    "detention": "detained; held; in custody; detention; in detention; détenu; détenue; détention; en "
    "détention; en garde à vue; detenido; detenida; محتجز; محتجزة; احتجاز; موقوف; موقوفة; "
    "currently detained; still detained; currently held",
    "abduction": "abducted; kidnapped; hostage; held hostage; missing; disappeared; forcibly "
    "disappeared; abduction; enforced disappearance; enlevé; enlevée; otage; disparu; "
    "disparue; porté disparu; kidnappé; secuestrado; secuestrada; rehén; desaparecido; "
    "desaparecida; مختطف; مختطفة; مخطوف; مفقود; مفقودة; رهينة; مخفي قسرا; kidnapping; "
    "taken hostage; hostages",
    "death": "killed; murdered; dead; died; death; assassinated; shot dead; slain; killing; "
    "murder; tué; tuée; mort; morte; assassiné; assassinée; décédé; décédée; asesinado; "
    "asesinada; muerto; muerta; fallecido; fallecida; قتل; قتلت; مقتول; قتيل; مقتل; "
    "اغتيل; متوفى; شهيد; deceased",
    "death_in_custody": "died in custody; died in prison; died in detention; death in custody; mort en "
    "détention; mort en prison; muerto en prisión; muerto bajo custodia; توفي في السجن; "
    "توفي في الاحتجاز; killed in custody",
    "execution": "executed; execution; exécuté; exécutée; ejecutado; ejecutada; أعدم; إعدام",
    "release": "released; free; freed; release; liberated; libéré; libérée; remis en liberté; "
    "liberado; liberada; en libertad; أفرج عنه; أفرج عنها; مفرج عنه; طليق; إفراج",
    "conditional_release": "released conditionally; conditional release; on parole; paroled; liberté "
    "conditionnelle; libertad condicional",
    "bail": "bail; on bail; released on bail; libéré sous caution; liberado bajo fianza; أفرج عنه بكفالة",
    "house_arrest": "house arrest; under house arrest; assigné à résidence; assignée à résidence; arresto "
    "domiciliario; إقامة جبرية",
    "charge": "charged; indicted; inculpé; inculpée; mis en examen; acusado; acusada; متهم",
    "conviction": "convicted; found guilty; condamné; condamnée; condenado; condenada; مدان; محكوم",
    "sentence": "sentenced; sentence",
    "death_sentence": "sentenced to death; condamné à mort; condamnée à mort; condenado a muerte; محكوم "
    "بالإعدام",
    "acquittal": "acquitted; acquitté; acquittée; absuelto; absuelta",
    "fled": "fled; exiled; in exile; exile; fled the country; en exil; exilé; exilée; exiliado; "
    "exiliada; en el exilio; منفي",
    "deported": "deported; expelled; expulsé; expulsée; deportado; deportada; expulsado; مرحل",
    "escape": "escaped; évadé; évadée; fugado",
    "summons": "summoned; convoqué; convoquée; citado; استدعاء",
    "trial_open": "on trial; standing trial; en procès; en juicio; قيد المحاكمة",
    "investigation": "under investigation; investigated; sous enquête; bajo investigación; قيد التحقيق",
    "found_alive": "found alive; retrouvé vivant; encontrado vivo",
    "pardon": "pardoned; gracié; indultado; indultada",
    "transfer": "transferred; transféré; trasladado",
}
_SEXES = {
    "female": "female; f; woman; femme; féminin; mujer; femenino; أنثى; امرأة",
    "male": "male; m; man; homme; masculin; hombre; masculino; ذكر; رجل",
    "other": "other; autre; otro; non binary",
}


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {fold(word): meaning for meaning, words in table.items() for word in words.split(";")}


HEADERS = _by_word(_HEADERS)  # folded name of a column: field
STATUSES = _by_word(_STATUSES)  # folded word: type of event
SEXES = _by_word(_SEXES)
