const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Sorts of documents and of what they travel with: they tell where to look, not what is asked. Folded, as all lists here. */
export const kinds = set(
  'facture factures invoice invoices bill bills avoir avoirs credit credits note notes bon bons bordereau bordereaux livraison ' +
    'livraisons delivery deliveries lettre lettres voiture voitures waybill waybills cmr bl reclamation reclamations claim claims ' +
    'complaint complaints envoi envois expedition expeditions shipment shipments document documents contrat contrats contract ' +
    'contracts livret livrets guide guides message messages dossier dossiers marchandise marchandises goods societe company entreprise',
)

/** Words that the form of the answer already stands for: whoever is given a date needs no "date" beside it. */
export const asides = set(
  'date dates heure heures horaire horaires jour jours annee annees temps moment delai duree numero numeros n no nombre reference ' +
    'code montant montants somme prix cout adresse lieu endroit nom noms taux pourcentage quantite time times day days year years ' +
    'number amount price cost address place rate total limite limit maximum maximal maximale minimum fois chaque faire doit faut ' +
    'peut sert indique indiquee utiliser correspond appele called say tell give donne dis please svp merci bonjour telephone tel ' +
    'phone mail electronique email e-mail courriel hauteur longueur largeur profondeur distance vitesse temperature surface ' +
    'superficie height length width depth speed area high deep tall fast iban siret siren compte account un une deux trois quatre cinq ' +
    'six sept huit neuf dix one two three four five seven eight nine ten trop assez tres bien encore deja seulement only too still main',
)

/** Words that only ask, and verbs too light to tell what is asked. */
export const asking = set(
  'combien comment pourquoi quand where quel quels quelle quelles lequel laquelle quoi qui est sont a ont y avez avons veux voudrais ' +
    'aimerais pouvez peux savoir connaitre est-ce passe si appelle trouve trouver trouvent situe situee recuperer recevoir recevrai ' +
    'recoit mettre prendre prend donner venir viendront viennent viendra passent passe-t demande demandez obtenir figure indiquent ' +
    'take takes get gets find found use come comes go goes happen happens need needs want many much long far often kind sort type ' +
    'genre premier first name peut-on',
)

/** What an inverted verb carries behind it, and turns of speech that name nothing; found in the question as it is written. */
export const hollow =
  /(?<=\p{L})-(?:t-)?(?:il|ils|elle|elles|on|je|tu|nous|vous|ce|ci|la)(?!\p{L})|(?<!\p{L})(?:à partir d[e’']|au sujet d[e’']|à propos d[e’']|en cas d[e’']|au plus tard|est-ce qu[e’']|y a-t-il|s'il vous plaît)(?!\p{L})/giu
