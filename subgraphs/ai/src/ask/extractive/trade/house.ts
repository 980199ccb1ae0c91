import { term, type TradeTerm } from './term.ts'

/** Houses, guests and their rules. */
export const house: readonly TradeTerm[] = [
  term({
    asked: [
      'liber\\w*|quitter|(?<!a )partir|depart\\b|check-?out|rendre les cles|departure',
      '(?:leave|vacate) (?:the )?(?:house|villa|flat|apartment|property)',
    ],
    said: ['depart\\b|liber\\w*|check-?out|rendre les cles|hand back the keys|day you leave|departure', 'quitt\\w*'],
    find: 'départ libérer logement check-out leave keys',
    form: 'time',
  }),
  term({
    asked: [
      'arriv(?:er|ee|ons)\\b(?! en)|check-?in|(?:entrer|entree) dans (?:le logement|la (?:maison|villa)|l.appartement)',
      'when can (?:we|guests|i) (?:arrive|come|check in)',
    ],
    said: ['arrivee|check-?in|check in|accueil'],
    find: 'arrivée check-in check in',
    form: 'when',
  }),
  term({
    asked: ['depot de garantie|caution\\b|security deposit|(?:the |a )deposit\\b|en depot'],
    said: ['caution\\b|depot de garantie|security deposit|deposit'],
    find: 'caution dépôt de garantie deposit',
  }),
  term({
    asked: ['boite a cles|key ?box|lockbox'],
    said: ['boite a cles|key ?box|lockbox', 'cles?\\b|keys?\\b'],
    find: 'boîte à clés key box',
  }),
  term({
    asked: [
      '(?:combien de |how many |nombre de |(?:maximum )?number of )(?:personnes|voyageurs|invites|people|guests)(?! (?:live|work))',
    ],
    said: ['voyageurs?|personnes|occupants?|couchages?|guests?|sleeps?|people|accueille'],
    find: 'voyageurs personnes guests sleeps',
    form: 'count',
  }),
  term({
    asked: [
      'qui (?:appeler|contacter|joindre|prevenir)|whom? (?:should|can|do) (?:i|we) (?:call|contact)|quel numero appeler',
      "en cas d[e'] ?(?:probleme|urgence)|if something breaks",
    ],
    said: ['prevenez|appelez|contactez|call\\b|joignable|joindre|contact', 'urgence|emergency|signale'],
    find: 'prévenez appelez urgence contact call',
  }),
  term({
    asked: ["ne .{1,40} pas\\b|n'\\w+.{1,40} pas\\b|interdit\\w*|exclue?s?|not\\b|forbidden|prohibited"],
    said: [
      "(?:ne|n'\\w+) .{1,40}\\b(?:pas|jamais|plus)\\b|interdit\\w*|exclue?s?|refuse\\w*|not\\b|never\\b|forbidden|no\\b",
    ],
  }),
  term({
    asked: [
      'admis(?:es?)?\\b|acceptee?s?\\b|autorisee?s?\\b|permis(?:es?)?\\b|droit de|allowed|permitted',
      '^(?:peut-on|puis-je|can (?:we|i|guests)|may (?:we|i))\\b',
    ],
    said: [
      'admis(?:es?)?\\b|accepte\\w*|autorise\\w*|permis(?:es?)?\\b|tolere\\w*|interdit\\w*|welcome|allowed|permitted|forbidden|' +
        'prohibited|must not|ne .{1,30} pas',
    ],
  }),
  term({
    asked: [
      '^(?:faut-il|doit-on|dois-je|must (?:we|i)|do (?:we|i) (?:have|need) to|is it (?:mandatory|compulsory|necessary))\\b',
    ],
    said: ['obligatoire\\w*|doit|doivent|exige\\w*|must|mandatory|compulsory|required'],
  }),
  term({
    asked: ['habite\\w*|domicilie\\w*|reside\\w*'],
    said: ['adresse|domicile|reside\\w*|address'],
    find: 'adresse address',
    form: 'address',
  }),
  term({
    asked: ["numero d'enregistrement|registration number"],
    said: ["numero d'enregistrement|registration number|enregistrement"],
    find: 'numéro enregistrement',
    form: 'code',
  }),
]
