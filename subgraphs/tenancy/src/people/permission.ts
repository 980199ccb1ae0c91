import type { MemberScope } from '@passerelle/platform/schema'

/** What each scope allows, for whoever decides who holds it. */
export const scopeDescriptions: Record<MemberScope, string> = {
  'document:read': 'Reads documents, their pages and what was found in them, and searches them.',
  'document:write': 'Adds, renames, sorts and deletes documents.',
  'graph:read': 'Reads the knowledge graph and exports of it.',
  'record:read': 'Reads shipments, clients, properties and the other records of the trade.',
  'record:write': 'Creates and changes those records.',
  'answer:ask': 'Asks questions of the documents, and has model calls made.',
  'question:answer': 'Takes the questions that colleagues hand over.',
  'job:manage': "Sees everybody's model calls with their texts, and sets what models cost.",
  'model:manage': 'Changes which models and model servers the installation uses, for every organisation on it.',
  'member:read': 'Sees who belongs to the organisation.',
  'member:manage': 'Invites and removes members, and changes what they may do.',
  'organization:manage': 'Changes the name and the settings of the organisation.',
  'key:manage': 'Makes and revokes the keys that programs and partners ask with.',
  'approval:propose': 'Puts something before the people who must say yes to it.',
  'approval:read': 'Sees what waits for a yes, and what was decided.',
  'approval:decide': 'Says yes or no to what was proposed.',
  'workflow:run': 'Starts runs of the workflows outside, and tells their result.',
  'webhook:manage': 'Sets up where the house tells programs outside of what happens.',
  'usage:read': 'Sees what the organisation uses of its plan.',
  'plan:manage': 'Changes what the organisation may use in a month.',
  'audit:read': 'Reads and exports the record of who did what.',
  'privacy:manage': 'Exports and erases what is known of a person, and sets how long things are kept.',
}
