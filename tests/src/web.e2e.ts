import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothSizes, enter, findViolations, openBrowser, openVisitor, walk, type Looks } from './browser.ts'
import { logIn, settled } from './client.ts'
import { preparePasserelle, surprises, type Passerelle } from './passerelle.ts'

const email = 'demo@passerelle.local'
const sample = (name: string) => fileURLToPath(new URL(`../samples/business/${name}`, import.meta.url))
const format = (name: string) => fileURLToPath(new URL(`../samples/formats/${name}`, import.meta.url))
let house: Passerelle
let browser: Browser

beforeAll(async () => {
  house = await preparePasserelle()
  // It serves the pages that are there when it starts.
  browser = await openBrowser()
  await house.start()
  const client = await logIn(house.url, email, house.demoPassword)
  if (!client) throw new Error('The demo cannot log in.')
  await settled(client)
})
afterAll(async () => {
  await browser?.close()
  await house?.remove()
})

async function visit(looks?: Looks) {
  const visitor = await openVisitor(browser, house.url, looks)
  await enter(visitor.page, { email, password: house.demoPassword })
  return visitor
}

/** Waits until an element has the focus. */
async function focused(place: Locator): Promise<void> {
  await expect.poll(() => place.evaluate((element) => element === document.activeElement)).toBe(true)
}

/** The address of the first link of a list that leads to such a page. */
async function firstAddress(page: Page, list: string, beginning: string): Promise<string> {
  await page.goto(list)
  const link = page.locator(`main a[href^="${beginning}"]`).first()
  await link.waitFor()
  return (await link.getAttribute('href')) ?? ''
}

describe('a person at work', () => {
  test('keeps documents in a collection, and searches there for what names a company', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/documents')
    const patient = { timeout: 30_000 }
    const rows = page.locator('main li')
    await rows.first().waitFor()
    await page.getByRole('button', { name: 'Sélectionner', exact: true }).click()
    await page.getByRole('checkbox', { name: /Réclamation/ }).check()
    await page.getByRole('checkbox', { name: /Photo facture/ }).check()
    expect(await findViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Ajouter à une collection…' }).click()
    await page.getByRole('textbox', { name: 'Chercher ou créer une collection' }).fill('Litiges')
    await page.getByRole('dialog').getByRole('button', { name: 'Créer' }).click()
    await page.getByRole('button', { name: /^Litiges 2/ }).click()
    await expect.poll(() => rows.count(), patient).toBe(2)
    await page.goto(`/search?q=facture&collection=${new URL(page.url()).searchParams.get('collection')}`)
    const hits = page.locator('main ol > li')
    await expect.poll(() => hits.count(), patient).toBe(2)
    await page.getByRole('button', { name: 'Société, personne…' }).click()
    await page.getByRole('combobox', { name: 'Documents qui mentionnent' }).fill('kermadec')
    await page.getByRole('option', { name: /Kermadec/ }).click()
    await expect.poll(() => hits.count(), patient).toBe(1)
    await page.reload()
    await page.getByRole('button', { name: /^Ne plus filtrer par .*Kermadec/ }).click()
    await expect.poll(() => hits.count(), patient).toBe(2)
    expect(await findViolations(page)).toEqual([])
    await page.goto('/documents')
    await page.getByRole('button', { name: /^Litiges 2/ }).click()
    await page.getByRole('button', { name: 'Supprimer la collection' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Supprimer la collection' }).click()
    await page.waitForURL('/documents')
    await expect.poll(() => rows.count(), patient).toBeGreaterThan(2)
    expect(faults).toEqual([])
    await context.close()
  })

  test('logs in, uploads a file, sees it being read, and finds a printed number in it again at its place', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/documents')
    await page.setInputFiles('input[type=file]', sample('docfr-cmr-01.pdf'))
    const row = page.locator('main li').filter({ hasText: 'docfr-cmr-01' })
    await row.getByText('Prêt').waitFor()
    await row.getByRole('link').click()
    await page.locator('.pdf-text span').first().waitFor()
    const printed = await page.locator('.pdf-text').first().innerText()
    const number = /\b\d{6,}\b/.exec(printed)?.[0]
    expect(number).toBeDefined()

    await page.goto(`/search?q=${number}`)
    const hit = page.getByRole('listitem').filter({ hasText: 'docfr-cmr-01' }).first()
    await hit.locator('mark').first().waitFor()
    await hit.getByRole('link').click()
    await page.locator('[data-active]').first().waitFor()
    expect(await page.locator('[data-active]').first().boundingBox()).toMatchObject({ width: expect.any(Number) })
    expect(faults).toEqual([])
    await context.close()
  })

  test('asks, and reads the source of the answer at its place beside it', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/ask')
    await page.getByRole('textbox').fill('Quelle est la référence de la facture INV/2023/59255 ?')
    await page.keyboard.press('Enter')
    await page
      .getByRole('button', { name: /^Source 1/ })
      .first()
      .click()
    await page.locator('aside [data-active]').first().waitFor()
    await page.waitForURL(/\/ask\/.+/)
    await page.reload()
    await page
      .getByRole('button', { name: /^Source 1/ })
      .first()
      .waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  test('asks a person what the documents do not say, and reads the reply under the question as it comes', async () => {
    const { page, context, faults } = await visit()
    const colleague = await context.newPage()
    const question = 'Qui garde les clés de la cave pendant les travaux ?'
    await page.goto('/ask')
    await page.getByRole('textbox').fill(question)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Demander à une personne' }).click()
    await page.getByText('Vos conversations sont privées.').waitFor()
    await focused(page.getByLabel('Votre note'))
    await page.keyboard.type('Le plombier passe jeudi.')
    await page.getByRole('button', { name: 'Transmettre' }).click()
    await page.getByText('Transmise à l’équipe').waitFor()

    await colleague.goto('/questions')
    const item = colleague.getByRole('article', { name: question })
    await item.getByRole('button', { name: 'Je m’en occupe' }).click()
    await page.getByText(/^Prise en charge par/).waitFor()
    await item.getByLabel('Votre réponse').fill('Madame Bonnet, la gardienne du 12.')
    await colleague.keyboard.press('Control+Enter')
    await page.getByText('Madame Bonnet, la gardienne du 12.').waitFor()
    await page.reload()
    await page.getByText(/^Réponse de/).waitFor()
    expect(await findViolations(page)).toEqual([])

    await page.getByRole('button', { name: 'C’est réglé' }).click()
    await page.getByRole('button', { name: 'Annuler' }).click()
    await page.getByText('Une personne vous a répondu').waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  test('asks where a shipment stands, and goes from the answer to its record', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/ask')
    await page.getByRole('textbox').fill('Où en est l’expédition CMR 9405756 ?')
    await page.keyboard.press('Enter')
    await page.getByText(/^Expédition CMR 9405756 : en transit/).waitFor()
    await page.getByRole('link', { name: 'Source 1 : fiche CMR 9405756' }).click()
    await page.getByRole('heading', { name: 'CMR 9405756' }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })

  test('is told what is wrong with a form at the field, in French', async () => {
    const { page, context } = await openVisitor(browser, house.url)
    await page.goto('/signup')
    await page.getByLabel('Votre nom').fill('Ada')
    await page.getByLabel('Nom de l’organisation').fill('Essai')
    await page.getByLabel('Adresse e-mail').fill('ada@example.org')
    await page.getByLabel('Mot de passe', { exact: true }).fill('court')
    await page.getByRole('button', { name: 'Créer un compte' }).click()
    await page.getByText('De douze à deux cents caractères, et difficile à deviner').waitFor()
    expect(await page.getByLabel('Mot de passe', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  test('comes back to the page where the session ended', async () => {
    const { page, context } = await visit()
    await page.goto('/shipments?status=DELIVERED')
    await page.evaluate(() => {
      const key = 'passerelle.session'
      const session = JSON.parse(localStorage.getItem(key) ?? '{}') as object
      localStorage.setItem(
        key,
        JSON.stringify({ ...session, refreshToken: 'spent', expiresAt: new Date(0).toISOString() }),
      )
    })
    await page.reload()
    await page.getByText('Votre session a pris fin').waitFor()
    await page.getByLabel('Adresse e-mail').fill(email)
    await page.getByLabel('Mot de passe', { exact: true }).fill(house.demoPassword)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.getByRole('heading', { name: 'Expéditions', exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('?status=DELIVERED')
    await context.close()
  })

  test('renews the session once for two tabs that need it at the same time', async () => {
    const { page, context } = await visit()
    const other = await context.newPage()
    let renewals = 0
    context.on('request', (request) => {
      if (request.postData()?.includes('RefreshSession')) renewals++
    })
    // Where the application does not run: it would begin a renewal that the next page breaks off.
    await page.goto('/favicon.svg')
    await page.evaluate(() => {
      const key = 'passerelle.session'
      const session = JSON.parse(localStorage.getItem(key) ?? '{}') as object
      localStorage.setItem(key, JSON.stringify({ ...session, expiresAt: new Date(0).toISOString() }))
    })
    await Promise.all([page.goto('/documents'), other.goto('/shipments')])
    await Promise.all([page, other].map((tab) => tab.locator('main li').first().waitFor()))
    expect(renewals).toBe(1)
    await context.close()
  })
})

describe('a person without a mouse', () => {
  test('leaves dialogs and sources with Escape and goes on where they were', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/documents')
    const menu = page.getByRole('button', { name: /^Actions sur/ }).first()
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Supprimer' }).press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await focused(menu)

    await page.goto('/ask')
    await page.getByRole('textbox').fill('Qui est l’expéditeur de la CMR 9405756 ?')
    await page.keyboard.press('Enter')
    const source = page.getByRole('button', { name: /^Source 1/ }).first()
    await source.press('Enter')
    await page.locator('aside [data-active]').first().waitFor()
    await page.keyboard.press('Escape')
    await page.locator('aside [data-active]').first().waitFor({ state: 'detached' })
    await focused(source)
    expect(faults).toEqual([])
    await context.close()
  })

  test('begins a form in its first field, and hears there what is missing', async () => {
    const { page, context } = await visit()
    await page.goto('/shipments')
    const create = page.getByRole('button', { name: 'Nouvelle expédition' })
    await create.press('Enter')
    await focused(page.getByRole('dialog').getByLabel('Numéro de suivi'))
    await page.keyboard.press('Enter')
    await page.getByText('À remplir.').waitFor()
    expect(await page.getByRole('dialog').getByText('À remplir.').count()).toBe(1)
    await page.keyboard.press('Escape')
    await focused(create)
    await context.close()
  })
})

test.each([{ dark: false }, { dark: true }])(
  'a button under the pointer keeps its words readable, %o',
  async (looks) => {
    const { page, context, faults } = await openVisitor(browser, house.url, looks)
    await page.goto('/login')
    const button = page.getByRole('button', { name: 'Se connecter' })
    const colorOf = () => button.evaluate((element) => getComputedStyle(element).backgroundColor)
    const before = await colorOf()
    await button.hover()
    await expect.poll(colorOf).not.toBe(before)
    await button.evaluate((element) => Promise.all(element.getAnimations().map(({ finished }) => finished)))
    expect(await findViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  },
)

describe('every page', () => {
  test.each(bothSizes)('is free of serious violations, by day and in the dark, shown as %j', async (looks) => {
    const { page, context, faults } = await visit(looks)
    const details = [
      await firstAddress(page, '/documents', '/documents/'),
      await firstAddress(page, '/shipments', '/shipments/'),
      await firstAddress(page, '/clients', '/clients/'),
      await firstAddress(page, '/properties', '/properties/'),
      await firstAddress(page, '/requests', '/requests/'),
      await firstAddress(page, '/bookings', '/bookings/'),
    ]
    const lists = [
      '/',
      '/documents',
      '/search?q=facture',
      '/ask',
      '/questions',
      '/jobs',
      '/models',
      '/graph',
      '/shipments',
      '/clients',
      '/properties',
      '/requests',
      '/bookings',
      '/settings',
      '/settings/notifications',
      '/settings/mails',
      '/notifications',
      '/approvals',
      '/graph/figures',
      '/admin/members',
      '/admin/keys',
      '/admin/webhooks',
      '/admin/workflows',
      '/admin/usage',
      '/admin/approvals',
      '/admin/privacy',
      '/admin/audit',
      '/nowhere',
    ]
    expect(await walk(page, [...lists, ...details])).toEqual({})
    expect(faults).toEqual([])
    await context.close()
  })

  test('of the graph shows an entity with its neighbours as a picture and as a list', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/graph')
    await page
      .getByRole('button', { name: /Garage Müller/ })
      .first()
      .click()
    await page.getByRole('img', { name: /^Graphe de \d+ entités/ }).waitFor()
    await page.getByRole('button', { name: 'Liste' }).click()
    await page.locator('main section ul > li').nth(1).waitFor()
    expect(await findViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })

  test('of the graph tells what is near an entity and since when, finds a way by keyboard, and takes the graph away', async () => {
    const { page, context, faults } = await visit()
    await page.goto('/graph?view=list')
    await page
      .getByRole('button', { name: /Garage Müller/ })
      .first()
      .click()
    for (const tab of ['Voisins', 'Co-mentions', 'Chronologie']) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('complementary').locator('li').first().waitFor()
      expect([tab, await findViolations(page)]).toEqual([tab, []])
    }
    await page.getByRole('button', { name: 'Chemin', exact: true }).click()
    await page.getByRole('combobox', { name: 'Vers' }).fill('lyon')
    await page.getByRole('option', { name: /^Lyon/ }).waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'documents en commun' }).click()
    await page
      .getByRole('link', { name: /page 1/ })
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Exporter le graphe' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /GraphML/ }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^garage-muller-.*\.graphml$/)
    expect(await readFile(await download.path(), 'utf8')).toContain('Garage Müller')
    expect(faults).toEqual([])
    await context.close()
  })
})

test.each(['/login', '/'])('the first visit to %s loads at most 250 kB of script, gzipped', async (address) => {
  const { page, context } = address === '/' ? await visit() : await openVisitor(browser, house.url)
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script')
      sizes.push(response.body().then((body) => gzipSync(body).length))
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(50_000)
  expect(total).toBeLessThanOrEqual(250_000)
  await context.close()
})

test('nothing that people did in the browser left an error in the log', () => {
  expect(surprises(house)).toEqual([])
})

test('a page that was open while the server was killed says so, and shows what came since once it is back', async () => {
  const { page, context, faults } = await visit()
  await page.goto('/documents')
  await page.getByText('En direct').first().waitFor()
  await house.kill()
  await page.getByText('Hors ligne').first().waitFor()
  await page.getByLabel('Chercher par titre').fill('procedure')
  await page.getByRole('alert').getByText('Connexion perdue').waitFor()

  await house.start({ PORT: new URL(house.url).port })
  const client = await logIn(house.url, email, house.demoPassword)
  if (!client) throw new Error('The demo cannot log in.')
  await client.upload('procedure.md', await readFile(format('procedure.md')))
  await page.locator('main li').filter({ hasText: 'procedure' }).getByText('Prêt').waitFor()
  expect(await page.locator('[data-slot=viewport] li').count()).toBe(0)
  expect(faults).toEqual([])
  await context.close()
})
