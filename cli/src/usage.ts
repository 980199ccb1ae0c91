/** What `passerelle help` prints. */
export const USAGE = `Usage: passerelle [verb]

  all              everything in one process: engines, subgraphs, jobs, gateway and web application (the default)
  gateway          the public door alone
  subgraph NAME    one subgraph: tenancy, documents, logistics, conciergerie, memory or ai
  worker           the jobs of all subgraphs
  migrate          bring the database to the state this version needs, and end
  backup FOLDER    copy everything into a new folder: rows, files and secrets, also while it runs
  restore FOLDER   make an empty installation what a backup says; --replace loses what is there
  rebuild NAME     make the graph or the vectors again from the database, while it serves
  password ADDRESS print a link with which the person of the address chooses a new password
  keys WHAT        list, rotate or replace the keys that access tokens are signed with, while it serves
  plan [ORGANISATION [PLAN [LIMIT=NUMBER …]]]
                   list the plans of the organisations with their limits and what is used of them, or put one on FREE, TEAM or UNLIMITED, while it serves
  sealing WHAT     key prints a new master key; rotate makes new keys for personal data, master wraps them anew, both while it serves
  audit WHAT       verify looks at every entry of the audit logs, export prints one; --organization names whose
  secrets          print new secrets, for a file that every process of an installation reads
  doctor           say what works here and what does not

Settings are environment variables; README.md lists them.`

const VERB = /^ {2}([a-z]+)/

/**
 * What is wrong with words that are no command: of a verb that there is, how it is written, and otherwise all there are. The verb comes first, then what
 * follows it.
 */
export function correct(words: readonly string[]): string {
  const lines = USAGE.split('\n')
  const start = lines.findIndex((line) => VERB.exec(line)?.[1] === words[0])
  if (start < 0) return `There is no “${words.join(' ')}”.\n\n${USAGE}`
  const length = lines.slice(start + 1).findIndex((line) => VERB.test(line) || line === '')
  return `“${words.join(' ')}” is not how it is written:\n\n${lines.slice(start, start + 1 + length).join('\n')}`
}
