import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothSizes, enter, findViolations, openBrowser, openVisitor, walk, type Looks } from './browser.ts'
import { listDocuments, logIn, settled, type ApiClient } from './client.ts'
import { preparePasserelle, surprises, type Passerelle } from './passerelle.ts'

const email = 'demo@passerelle.local'
const guest = 'M. Jonas Weber'
const newPassword = 'sept ponts sur la rade'
let house: Passerelle
let browser: Browser
let staff: ApiClient
let records: Record<'clients' | 'shipments' | 'properties', Map<string, string>>

beforeAll(async () => {
  house = await preparePasserelle()
  // It builds what the house serves.
  browser = await openBrowser()
  await house.start()
  const client = await logIn(house.url, email, house.demoPassword)
  if (!client) throw new Error('The demo cannot log in.')
  staff = client
  await settled(staff)
  records = await namesAndIds()
})
afterAll(async () => {
  await browser?.close()
  await house?.remove()
})

async function namesAndIds() {
  interface Named {
    id: string
    name: string
  }
  const found = await staff.ask<Record<keyof typeof records, { nodes: Named[] }>>(`{
    clients(first: 100) { nodes { id name } }
    shipments(first: 100) { nodes { id name: trackingNumber } }
    properties(first: 100) { nodes { id name } } }`)
  const byName = ({ nodes }: { nodes: Named[] }) => new Map(nodes.map(({ id, name }) => [name, id]))
  return {
    clients: byName(found.clients),
    shipments: byName(found.shipments),
    properties: byName(found.properties),
  }
}

function idOf(kind: keyof typeof records, name: string): string {
  const id = records[kind].get(name)
  if (!id) throw new Error(`The demo has no ${name}.`)
  return id
}

/** The path of a fresh link of a client, as the letter or the screen gives it. */
async function linkOf(name: string): Promise<string> {
  const { made } = await staff.ask<{ made: { url: string } }>(
    'mutation ($clientId: ID!) { made: createClientLink(input: { clientId: $clientId }) { ... on MadeClientLink { url } } }',
    { clientId: idOf('clients', name) },
  )
  return pathOf(made.url)
}

function pathOf(url: string): string {
  const { pathname, hash } = new URL(url)
  return `${pathname}${hash}`
}

/** Somebody who opens a link, until they see whose page it is. */
async function arrive(path: string, name: string, looks: Looks = { phone: true }) {
  const visitor = await openVisitor(browser, house.url, looks)
  await visitor.page.goto(path)
  await visitor.page.getByRole('heading', { name: `Bonjour ${name}` }).waitFor()
  return visitor
}

async function visitStaff() {
  const visitor = await openVisitor(browser, house.url)
  await enter(visitor.page, { email, password: house.demoPassword })
  return visitor
}

/** Everything that the tab and the browser keep between pages. */
function kept(page: Page): Promise<{ local: string; tab: string }> {
  return page.evaluate(() => ({
    local: JSON.stringify({ ...localStorage }),
    tab: JSON.stringify({ ...sessionStorage }),
  }))
}

const sections = (page: Page) => page.getByRole('navigation', { name: 'Raccourcis' }).getByRole('link').allInnerTexts()

describe('a guest with a link on a phone', () => {
  test('asks the house for something, talks with it live, and is out as soon as the link is revoked', async () => {
    const { page: desk, context: office, faults: faultsAtWork } = await visitStaff()
    await desk.goto(`/clients/${idOf('clients', guest)}`)
    await desk.getByRole('button', { name: 'Créer un lien' }).click()
    await desk.getByLabel('Nom du lien').fill('Séjour de novembre')
    await desk.getByRole('dialog').getByRole('button', { name: 'Créer le lien' }).click()
    const path = pathOf(await desk.getByLabel('Adresse du lien').inputValue())
    await desk.getByRole('button', { name: 'Terminer' }).click()

    const { page, context, faults } = await arrive(path, guest)
    const token = path.split('#')[1] ?? ''
    expect(page.url()).toBe(`${house.url}/portal`)
    const { local, tab } = await kept(page)
    expect([token.length > 40, local.includes(token), tab.includes(token)]).toEqual([true, false, true])
    await page.getByRole('heading', { name: 'Villa Les Mimosas' }).waitFor()
    expect(await sections(page)).toEqual(['Accueil', 'Demandes', 'Séjours', 'Documents'])

    const title = 'Pouvez-vous laisser un lit bébé ?'
    await page.getByRole('link', { name: 'Nouvelle demande' }).click()
    await page.getByLabel('Type de demande').selectOption('Fournitures')
    await page.getByLabel('Votre demande, en une phrase').fill(title)
    expect(await findViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Envoyer la demande' }).dblclick()
    await page.getByRole('heading', { name: title }).waitFor()
    const { serviceRequests } = await staff.ask<{ serviceRequests: { totalCount: number } }>(
      'query ($search: String!) { serviceRequests(search: $search) { totalCount } }',
      { search: 'lit bébé' },
    )
    expect(serviceRequests.totalCount).toBe(1)

    await desk.goto('/requests')
    await desk.getByRole('link', { name: title }).click()
    await desk.getByLabel('Votre message au client').fill('Bien sûr, il sera dans la chambre du fond.')
    await desk.getByRole('button', { name: 'Envoyer au client' }).click()
    await page.getByText('Bien sûr, il sera dans la chambre du fond.').waitFor()
    await page.getByLabel('Votre message').fill('Merci beaucoup !')
    await page.getByRole('button', { name: 'Envoyer le message' }).click()
    await desk.getByText('Merci beaucoup !').waitFor()
    await desk.getByRole('button', { name: 'Accepter' }).click()
    await page.getByText('Acceptée').first().waitFor()
    expect(await page.getByText('Demo', { exact: false }).count()).toBe(0)
    expect(await findViolations(page)).toEqual([])

    await desk.goto(`/clients/${idOf('clients', guest)}`)
    await desk.getByRole('button', { name: 'Révoquer « Séjour de novembre »' }).click()
    await desk.getByRole('dialog').getByRole('button', { name: 'Révoquer' }).click()
    await page.getByRole('heading', { name: 'Ce lien n’est plus valable' }).waitFor()
    await page.getByText('Demandez un nouveau lien à Passerelle Démo.').waitFor()
    expect(await findViolations(page)).toEqual([])
    expect(await page.getByText(title).count()).toBe(0)
    expect((await kept(page)).tab).not.toContain(token)
    await page.goto(path)
    await page.getByRole('heading', { name: 'Ce lien n’est plus valable' }).waitFor()
    // Their next link, opened in the same tab, differs in what is behind the `#` alone.
    await page.goto(await linkOf(guest))
    await page.getByRole('heading', { name: `Bonjour ${guest}` }).waitFor()
    expect(page.url()).toBe(`${house.url}/portal`)
    expect([faults, faultsAtWork]).toEqual([[], []])
    await Promise.all([context.close(), office.close()])
  })

  test('has the documents that are shared with them, and finds nothing of anybody else', async () => {
    const { page, context, faults } = await arrive(await linkOf(guest), guest)
    await page.getByRole('link', { name: 'Documents', exact: true }).click()
    await page.getByRole('heading', { name: 'Documents' }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Télécharger Livret/ }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toContain('Mimosas')
    for (const path of [
      `/portal/shipments/${idOf('shipments', '6A54740512216')}`,
      `/portal/properties/${[...records.properties.values()].at(-1)}x`,
      '/portal/requests/req_1',
    ]) {
      await page.goto(path)
      await page.getByText('Introuvable').waitFor()
    }
    await page.goto('/clients')
    await page.getByRole('heading', { name: 'Bon retour' }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  test('sees a document come and go while the page is open', async () => {
    const { page, context, faults } = await arrive(await linkOf(guest), guest)
    await page.getByRole('link', { name: 'Documents', exact: true }).click()
    await page.getByRole('button', { name: /^Télécharger Livret/ }).waitFor()
    const avoir = (await listDocuments(staff)).find(({ title }) => title.startsWith('Avoir'))
    const both = { documentId: avoir?.id, clientId: idOf('clients', guest) }
    const act = (verb: string) =>
      staff.ask(
        `mutation ($documentId: ID!, $clientId: ID!) {
        ${verb}(documentId: $documentId, clientId: $clientId) { __typename } }`,
        both,
      )
    await act('shareDocument')
    const row = page.getByRole('button', { name: /^Télécharger Avoir/ })
    await row.waitFor()
    await act('unshareDocument')
    await row.waitFor({ state: 'detached' })
    expect(faults).toEqual([])
    await context.close()
  })

  test('takes back what they asked for, and leaves nothing in the tab', async () => {
    const { page, context, faults } = await arrive(await linkOf(guest), guest)
    await page.getByRole('link', { name: 'Nouvelle demande' }).click()
    await page.getByRole('button', { name: 'Envoyer la demande' }).click()
    await page.getByText('À remplir.').waitFor()
    await page.getByLabel('Votre demande, en une phrase').fill('Un parasol')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Un parasol' }).waitFor()
    await page.getByRole('button', { name: 'Annuler la demande' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler la demande' }).click()
    await page.getByText('Annulée', { exact: true }).first().waitFor()
    // The one of the dialog is there until it has faded.
    await page.getByRole('button', { name: 'Annuler la demande' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Mon compte' }).click()
    await page.getByRole('button', { name: 'Quitter' }).click()
    await page.getByRole('heading', { name: 'Vous avez quitté votre espace' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Votre espace s’ouvre par votre lien' }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })
})

test('somebody of the house looks at a link in their own browser, and stays who they are', async () => {
  const { page, context, faults } = await visitStaff()
  const preview = await context.newPage()
  await preview.goto(await linkOf('Mme Hélène Caradec'))
  await preview.getByRole('heading', { name: 'Bonjour Mme Hélène Caradec' }).waitFor()
  // A second link in the same tab changes the hash alone.
  const other = await linkOf(guest)
  await preview.evaluate((hash) => (location.hash = hash), other.split('#')[1] ?? '')
  await preview.getByRole('heading', { name: `Bonjour ${guest}` }).waitFor()
  expect(preview.url()).toBe(`${house.url}/portal`)
  await page.reload()
  await page.getByRole('heading', { name: /^Bonjour Camille|^Bonjour / }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await page.goto('/portal')
  await page.waitForURL(`${house.url}/`)
  await preview.reload()
  await preview.getByRole('heading', { name: `Bonjour ${guest}` }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

describe('a client with an account', () => {
  const address = 'helene.caradec@exemple.fr'

  /** The invitation that a letter of the house holds. */
  async function invite(): Promise<string> {
    await staff.ask(
      'mutation ($clientId: ID!, $email: String!) { inviteClient(input: { clientId: $clientId, email: $email }) { __typename } }',
      { clientId: idOf('clients', 'Mme Hélène Caradec'), email: address },
    )
    const { viewer } = await staff.ask<{
      viewer: { organization: { mails: { nodes: { to: string; text: string | null }[] } } }
    }>('{ viewer { organization { mails(first: 50) { nodes { to text } } } } }')
    const letter = viewer.organization.mails.nodes.find(({ to }) => to === address)
    return /\/invitation\?token=[\w-]+/.exec(letter?.text ?? '')?.[0] ?? ''
  }

  async function logOutOf(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Mon compte' }).click()
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.getByRole('heading', { name: 'Bon retour' }).waitFor()
  }

  let context: BrowserContext
  let page: Page
  let faults: string[]
  beforeAll(async () => void ({ context, page, faults } = await openVisitor(browser, house.url, { phone: true })))
  afterAll(() => context?.close())

  test('lands on the portal when they accept and whenever they log in, and never in the application', async () => {
    await page.goto(await invite())
    await page.getByLabel('Votre nom').fill('Hélène')
    await page.getByLabel('Choisissez un mot de passe').fill('un long mot de passe')
    await page.getByRole('button', { name: /Rejoindre|Ouvrir|Créer/ }).click()
    await page.getByRole('heading', { name: 'Bonjour Mme Hélène Caradec' }).waitFor()
    expect(page.url()).toBe(`${house.url}/portal`)
    expect(await sections(page)).toEqual(['Accueil', 'Demandes', 'Logements'])
    for (const path of ['/clients', '/settings', '/admin/members', '/login']) {
      await page.goto(path)
      await page.waitForURL(`${house.url}/portal`)
    }
    await logOutOf(page)
    await page.goto('/portal/properties')
    await page.getByRole('link', { name: 'Se connecter' }).click()
    await page.getByLabel('Adresse e-mail').fill(address)
    await page.getByLabel('Mot de passe', { exact: true }).fill('un long mot de passe')
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('link', { name: 'Villa Les Mimosas' }).click()
    await page.getByRole('heading', { name: 'Séjours à venir' }).waitFor()
    expect(await page.getByText(guest).count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('changes the password, sees their sessions, and is out as soon as the account is closed', async () => {
    await page.goto('/portal/account')
    await page.getByText('Cette session').waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.getByLabel('Mot de passe actuel').fill('un long mot de passe')
    await page.getByLabel('Nouveau mot de passe').fill(newPassword)
    await page.getByRole('button', { name: 'Changer de mot de passe' }).click()
    await page.getByText('Votre mot de passe a changé').first().waitFor()
    await logOutOf(page)
    await page.getByLabel('Adresse e-mail').fill(address)
    await page.getByLabel('Mot de passe', { exact: true }).fill(newPassword)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('heading', { name: 'Bonjour Mme Hélène Caradec' }).waitFor()
    await staff.ask('mutation ($clientId: ID!) { revokeClientAccess(clientId: $clientId) { __typename } }', {
      clientId: idOf('clients', 'Mme Hélène Caradec'),
    })
    await page.getByText('Votre session a pris fin').waitFor()
    expect(faults).toEqual([])
  })
})

describe('every page of the portal', () => {
  test.each(bothSizes)('is free of serious violations, by day and in the dark, shown as %j', async (looks) => {
    const name = 'Garage Müller'
    const { page, context, faults } = await arrive(await linkOf(name), name, looks)
    const shipment = await page.locator('main a[href^="/portal/shipments/"]').first().getAttribute('href')
    const addresses = [
      '/portal',
      '/portal/requests',
      '/portal/requests/new',
      '/portal/stays',
      '/portal/shipments',
      shipment ?? '',
      '/portal/properties',
      '/portal/documents',
      '/portal/account',
      '/portal/nowhere',
    ]
    expect(await walk(page, addresses)).toEqual({})
    expect(faults).toEqual([])
    await context.close()
  })

  test('is used with the keyboard alone', async () => {
    const { page, context, faults } = await arrive(await linkOf(guest), guest, {})
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('placeholder') ?? document.activeElement?.textContent?.trim(),
      )
    const tabTo = async (what: RegExp) => {
      for (let step = 0; step < 15 && !what.test((await focused()) ?? ''); step++) await page.keyboard.press('Tab')
      expect(await focused()).toMatch(what)
    }
    await tabTo(/^Nouvelle demande$/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nouvelle demande' }).waitFor()
    await tabTo(/^Par ex/)
    await page.keyboard.type('Une chaise haute')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Une chaise haute' }).waitFor()
    await tabTo(/^Annuler la demande$/)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused()).toBe('Annuler la demande')
    expect(faults).toEqual([])
    await context.close()
  })
})

test('the first visit by a link loads at most 250 kB of script, gzipped', async () => {
  const path = await linkOf(guest)
  const { page, context } = await openVisitor(browser, house.url, { phone: true })
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      sizes.push(response.body().then((body) => gzipSync(body).length))
  })
  await page.goto(path, { waitUntil: 'networkidle' })
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(50_000)
  expect(total).toBeLessThanOrEqual(250_000)
  await context.close()
})

test('nothing that clients did in the browser left an error in the log', () => {
  expect(surprises(house)).toEqual([])
})
