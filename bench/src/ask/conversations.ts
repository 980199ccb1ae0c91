import { businessCases } from './business.ts'

/** Questions that lean on what was asked before. */
export interface ConversationCase {
  turns: string[]
  question: string
  answers: string[]
}

/** "And for the other one?" and "And its …?", made of the questions about the business samples. */
export function conversations(): ConversationCase[] {
  const cases = businessCases().filter(({ answers, group }) => answers && group !== 'credit_note')
  const documents = [...Map.groupBy(cases, ({ document }) => document ?? '').values()]
  return documents.flatMap((own) => {
    const others = documents.filter((other) => other !== own && other[0]?.group === own[0]?.group)
    const next = others[0]
    const reference = (question: string): string =>
      /\S*\d[\w/-]*(?=[ ?)]|$)/.exec(question)?.[0].replace(/\?$/, '') ?? ''
    return own.slice(0, 8).flatMap((first, index): ConversationCase[] => {
      const same = next?.[index]
      const second = own[index + 1]
      const about = same && reference(same.question)
      return [
        ...(same?.answers && about
          ? [{ turns: [first.question], question: `Et pour ${about} ?`, answers: same.answers }]
          : []),
        ...(second?.answers && !/\d/.test(withoutReference(second.question))
          ? [{ turns: [first.question], question: `Et ${withoutReference(second.question)}`, answers: second.answers }]
          : []),
      ]
    })
  })
}

/** "Quel est le total de la facture FA-12 ?" becomes "son total ?", as people ask on. */
function withoutReference(question: string): string {
  return question
    .replace(
      / (?:de|sur|pour|of|on|du) (?:la |l'|le )?(?:facture|livraison|bon de livraison|lettre de voiture|bon|envoi|invoice|delivery|waybill)? ?\S*\d\S*/i,
      '',
    )
    .replace(/^(?:Quelle? est |What is )(?:le |la |l'|l’|the )/i, 'son ')
}
