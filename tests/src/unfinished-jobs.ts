import type { Passerelle } from './passerelle.ts'

// What requests leave to the background and is neither tried again for hours nor left for a later day.
const soon =
  /^passerelle_jobs\{queue="(?:documents\.\w+|tenancy\.export|tenancy\.erasure|platform\.approval)",state="(?:pending|active)"\} [1-9]/

/** What the installation still does of what it was asked, as its figures say. */
export async function unfinishedJobs(house: Passerelle): Promise<string[]> {
  const figures = await (await fetch(new URL('/metrics', house.url))).text()
  if (!figures.includes('passerelle_jobs{queue="tenancy.export"')) throw new Error('The figures tell of no jobs.')
  return figures.split('\n').filter((line) => soon.test(line))
}
