import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
  type GraphQLField,
} from 'graphql'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const schema = buildSchema(readFileSync(join(root, 'graph-schema/api.graphql'), 'utf8'))

/** Lists of objects that come whole, and what keeps each of them short. Every other one is read page by page. */
const short: Readonly<Record<string, string>> = {
  'Answer.sentences': 'what one answer says',
  'AnswerSentence.citations': 'the passages that an answer was written from, twenty at most',
  'AuditVerification.guardFaults': 'guards of three tables, a few for each',
  'Chunk.boxes': 'lines of a passage',
  'Citation.boxes': 'lines of a passage',
  'Document.collections': 'collections that somebody put one document in',
  'Document.fields': 'values of one business document',
  'Entity.activity': 'months',
  'GraphPath.entities': 'steps of a way, of which there are at most six',
  'GraphPath.steps': 'steps of a way',
  'GraphStatistics.entitiesByType': 'types',
  'GraphStatistics.months': 'months',
  'GraphStatistics.mostConnected': 'ten',
  'GraphStatistics.relationsByType': 'types',
  'HandOver.replyDocuments': 'documents that somebody named in one reply',
  'InferenceQueue.running': 'what fits on one card at a time',
  'InferenceQueue.waitingCalls': 'calls that wait, which the queue bounds',
  'IngestionStatus.stages': 'stages of a reading',
  'Job.context': 'passages of one call',
  'Job.messages': 'messages of one call',
  'JobComparison.output': 'words of one answer',
  'JobTotals.models': 'models',
  'Mention.boxes': 'lines of one mention',
  'Neighbourhood.entities': '`first` of the field around it',
  'Neighbourhood.relations': 'relations between those',
  'Page.segments': 'what is said on one page',
  'Page.words': 'words of one page',
  'Query.approvalKinds': 'kinds',
  'Query.factTypes': 'types',
  'Query.modelBackups': 'backups of models that an installation keeps',
  'Query.modelPrices': 'models',
  'Query.modelProviders': 'servers of models',
  'Query.modelPulls': 'pulls of one day',
  'Query.modelRoutes': 'tasks',
  'Query.models': 'models',
  'Query.notificationPreferences': 'kinds of notifications',
  'Query.permissions': 'scopes',
  'Query.personalData': 'nouns that keep something about people',
  'Query.retentionRules': 'nouns that are kept for a time',
  'Query.roles': 'roles',
  'Query.usage': 'measures',
  'Query.usageByDay': 'days, 366 at most',
  'RelationSource.boxes': 'lines of two mentions',
  'SealingState.keys': 'keys that one organisation has had',
  'SealingState.tables': 'tables',
  'SpeechSegment.words': 'words of one sentence',
  'Subscription.usageChanged': 'measures',
  'TimelineEntry.boxes': 'lines of one mention',
  'Upload.headers': 'headers of one request',
  'Viewer.places': 'organisations of one person',
  'Viewer.sessions': 'browsers in which one person is logged in',
  'WebhookDelivery.attempts': 'tries within one day',
  'WorkflowRun.steps': 'steps of one run',
  'WorkingMemory.turns': 'what a conversation keeps in mind',
}

/** Ranked by how well something matches a little, or how near it is: what there is of that in all, nobody can count. */
const rankings = new Set(['Query.search', 'Entity.coMentions', 'Entity.neighbours', 'Entity.timeline'])

type Field = GraphQLField<unknown, unknown>

const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__') && !/(Connection|Edge)$/.test(name))
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })))

const takes = (field: Field, name: string) => field.args.some((argument) => argument.name === name)
const isConnection = ({ type }: Field): boolean => getNamedType(type).name.endsWith('Connection')

test('every list of objects is read page by page, or is short by what it is', () => {
  const whole = fields.filter(
    ({ field }) =>
      isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type)) && !takes(field, 'first'),
  )
  expect(whole.map(({ name }) => name).toSorted()).toEqual(Object.keys(short).toSorted())
})

test.each(fields.filter(({ field }) => isConnection(field)))(
  '$name says how it goes on, and how many there are',
  (list) => {
    const { name, field } = list
    const type = getNamedType(field.type)
    if (!isObjectType(type)) throw new Error(`${type.name} is no object.`)
    expect(takes(field, 'first')).toBe(true)
    expect(String(type.getFields().pageInfo?.type)).toBe('PageInfo!')
    expect('totalCount' in type.getFields()).toBe(!rankings.has(name))
  },
)
