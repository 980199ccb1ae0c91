const french =
  /\b(le|la|les|un|une|des|du|de|est|quel|quelle|quels|quelles|qui|que|quoi|où|quand|comment|combien|pourquoi|sont|et|dans|pour|au|aux)\b/gi
const english = /\b(the|a|an|of|is|are|what|which|who|where|when|how|why|much|many|does|do|and|in|for|to)\b/gi

/** Whether a short text reads as English; French is the house's first language. */
export function isEnglish(text: string): boolean {
  return (text.match(english)?.length ?? 0) > (text.match(french)?.length ?? 0)
}

/** What is said when the documents do not hold the answer, in the question's language. */
export function abstention(question: string): string {
  return isEnglish(question)
    ? 'I don’t know: the documents you may read do not hold the answer. Ask a person, or add the document that does.'
    : 'Je ne sais pas : les documents auxquels vous avez accès ne contiennent pas la réponse. Demandez à une personne, ou ajoutez le document qui la contient.'
}
