import type { EmbeddingRequest } from './models.ts'

/** What a family of embedding models was trained to find before a question and before a passage; from the models' own cards. */
const PROMPTS: readonly { name: RegExp; query: string; passage: string }[] = [
  { name: /nomic-embed/i, query: 'search_query: ', passage: 'search_document: ' },
  { name: /embeddinggemma/i, query: 'task: search result | query: ', passage: 'title: none | text: ' },
  {
    name: /qwen3-embedding/i,
    query: 'Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:',
    passage: '',
  },
  { name: /arctic-embed2|arctic-embed.*v2/i, query: 'query: ', passage: '' },
  {
    name: /mxbai-embed|arctic-embed/i,
    query: 'Represent this sentence for searching relevant passages: ',
    passage: '',
  },
  { name: /(^|[^a-z0-9])e5([^a-z0-9]|$)/i, query: 'query: ', passage: 'passage: ' },
]

/** The text as the model wants to meet it; models that make no difference (bge-m3, MiniLM …) get it as it is. */
export function toPromptedText(model: string, purpose: EmbeddingRequest['purpose'], text: string): string {
  return `${PROMPTS.find(({ name }) => name.test(model))?.[purpose] ?? ''}${text}`
}
