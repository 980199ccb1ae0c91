import { EngineUnavailable, NotAllowed, type Viewer } from '@passerelle/platform/schema'
import type { Log } from '@passerelle/platform/log'
import type { ReadGraph } from '@passerelle/platform/subgraph'
import type { RecordKind } from '../../conversations/answer.ts'
import { isEnglish } from '../abstention.ts'
import type { Draft } from '../draft.ts'
import type { Question } from '../extractive/question.ts'
import { askedOf } from './asked.ts'
import { meaningOf, namingOf, type Naming } from './naming.ts'
import { readRecords, type SourceRecord } from './reading.ts'
import { sayOf } from './saying.ts'

/** More than this many records that a question may mean equally are no answer. */
const most = 3
/** Words that ask for a field, of any kind of record: none of them names one. */
const asking =
  /^(?:numero|number|telephone|tel|phone|adresse|address|e-?mail|email|mail|courriel|electronique|siren|tva|vat|statut|status|etat|avancement|reference|enregistrement|registration|dernier|derniere|evenement|mouvement|etape|event|last|latest|livree?s?|delivered|arrivee?s?|arrived|partie?|perdue?|lost|bloquee?|enlevee?|retournee?|returned|jour|date|heure|time|day|trouve|situee?|joindre|appeler|donne|donner|moi|give|tell|me|sais|savez|vous|tu)$/

interface Answering {
  viewer: Viewer
  question: Question
  signal: AbortSignal
  log: Log
}

/**
 * Answers from a record what records hold: where a shipment stands, how a client is reached. Null when the question asks for something else,
 * names no record, or none that holds it; then the documents are asked. Whose record may not be read, or cannot for now, has none.
 */
export async function answerFromRecords(readGraph: ReadGraph, answering: Answering): Promise<Draft | null> {
  const { question, log } = answering
  const wishes = askedOf(question.text)
  const naming = namingOf(question, asking)
  if (wishes.length === 0 || naming.ofPaper || naming.words.length === 0) return null
  const kinds = [...new Set(wishes.map(({ kind }) => kind))].filter((kind) => !naming.kind || kind === naming.kind)
  try {
    for (const kind of kinds) {
      const meant = await findMeant(readGraph, { ...answering, naming, kind })
      const sentences = meant.flatMap(({ record, confidence }) => say(record, { confidence, wishes, question }))
      if (sentences.length > 0) return { sentences, mode: 'EXTRACTIVE', model: null }
    }
  } catch (error) {
    if (!(error instanceof EngineUnavailable || error instanceof NotAllowed)) throw error
    log.debug({ err: error }, 'records are not asked')
  }
  return null
}

interface Meant {
  record: SourceRecord
  confidence: number
}

/** The records that the question means most surely; none when it may mean too many. */
async function findMeant(
  readGraph: ReadGraph,
  { viewer, naming, kind, signal }: Answering & { naming: Naming; kind: RecordKind },
): Promise<Meant[]> {
  const found = await Promise.all(
    naming.words.map(({ word }) => readRecords(readGraph, { viewer, kind, search: word, signal })),
  )
  const records = new Map(found.flat().map((record) => [record.id, record]))
  const meant = [...records.values()]
    .map((record) => ({ record, confidence: meaningOf(naming, record) }))
    .filter(({ confidence }) => confidence > 0)
  const surest = Math.max(0, ...meant.map(({ confidence }) => confidence))
  const best = meant.filter(({ confidence }) => confidence === surest)
  return best.length > most ? [] : best
}

function say(
  record: SourceRecord,
  { confidence, wishes, question }: { confidence: number; wishes: ReturnType<typeof askedOf>; question: Question },
): Draft['sentences'] {
  const inEnglish = isEnglish(question.text)
  for (const { kind, field, moment } of wishes) {
    if (kind !== record.kind) continue
    const text = sayOf(record, { field, moment, inEnglish })
    if (text === null) continue
    const citation = {
      marker: `[REC:${record.id.slice(-8)}]`,
      documentId: null,
      chunkId: null,
      page: 0,
      boxes: [],
      excerpt: text,
      confidence,
      record: { kind: record.kind, id: record.id, title: record.title },
    }
    return [{ text, supported: true, citations: [citation] }]
  }
  return []
}
