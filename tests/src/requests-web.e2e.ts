import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enter, findViolations, openBrowser, openVisitor, type Looks } from './browser.ts'
import { preparePasserelle, type Passerelle } from './passerelle.ts'

let house: Passerelle
let browser: Browser

beforeAll(async () => {
  house = await preparePasserelle()
  // It builds what the house serves.
  browser = await openBrowser()
  await house.start()
})
afterAll(async () => {
  await browser?.close()
  await house?.remove()
})

async function visit(looks?: Looks) {
  const visitor = await openVisitor(browser, house.url, looks)
  await enter(visitor.page, { email: 'demo@passerelle.local', password: house.demoPassword })
  return visitor
}

test('a request is written down with the keyboard, found in the list of another window, taken, planned, taken back and talked about', async () => {
  const { page, context, faults } = await visit()
  const other = await context.newPage()
  await other.goto('/requests')
  await page.goto('/requests')
  await page.getByRole('button', { name: 'Nouvelle demande' }).first().press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type').selectOption({ label: 'Linge' })
  await dialog.getByRole('button', { name: 'Créer' }).click()
  await dialog.getByText('À remplir.').waitFor()
  await dialog.getByLabel('Objet').fill('Serviettes de plage')
  await dialog.getByRole('combobox', { name: 'Client' }).fill('Caradec')
  await dialog.getByRole('option', { name: /Caradec/ }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => dialog.getByRole('combobox', { name: 'Client' }).inputValue()).toBe('Mme Hélène Caradec')
  await dialog.getByRole('button', { name: 'Créer' }).click()
  await page.getByRole('heading', { name: 'Serviettes de plage' }).waitFor()
  await other.getByRole('link', { name: 'Serviettes de plage' }).click()
  await other.getByRole('heading', { name: 'Elle attend une réponse' }).waitFor()

  await page.getByLabel('Suivie par').selectOption({ label: 'Camille Démo (moi)' })
  await page.getByText('Suivi enregistré.').first().waitFor()
  await page.getByRole('button', { name: 'Planifier' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Planifier' }).click()
  await other.getByRole('heading', { name: 'Elle est planifiée' }).waitFor()
  await page.getByRole('button', { name: 'Terminer' }).click()
  await other.getByRole('heading', { name: 'Elle est terminée' }).waitFor()
  const done = page.getByRole('alert').or(page.locator('li')).filter({ hasText: 'Statut : Terminée' })
  await done.getByRole('button', { name: 'Annuler' }).first().click()
  await other.getByRole('heading', { name: 'Elle est planifiée' }).waitFor()

  await page.getByText('Note interne', { exact: true }).click()
  await page.getByLabel('Votre note interne').fill('Elles sont dans la buanderie.')
  await page.getByRole('button', { name: 'Ajouter la note' }).click()
  await other.getByText('Elles sont dans la buanderie.').waitFor()
  await other.getByText('note interne, invisible pour le client').waitFor()
  await page.getByText('Message au client', { exact: true }).click()
  await page.getByLabel('Votre message au client').fill('Elles arrivent demain.')
  await page.keyboard.press('Control+Enter')
  await other.getByText('Elles arrivent demain.').waitFor()

  await page.goto('/requests?mine=1')
  await page.getByRole('link', { name: 'Serviettes de plage' }).waitFor()
  expect(await page.locator('main li a').allInnerTexts()).toEqual(['Serviettes de plage'])
  expect(faults).toEqual([])
  await context.close()
})

test.each<Looks>([{}, { phone: true, dark: true }])(
  'a request with its conversation, its form and its plan is free of serious violations, shown as %j',
  async (looks) => {
    const { page, context } = await visit(looks)
    await page.goto('/requests')
    await page.getByRole('link', { name: /chaudière/ }).click()
    await page.getByText('Le chauffagiste a les clés').waitFor()
    const found = { page: await findViolations(page), form: [''], plan: [''] }
    await page.getByRole('button', { name: 'Modifier' }).click()
    await page.getByRole('dialog').getByLabel('Objet').waitFor()
    found.form = await findViolations(page)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Planifier' }).click()
    await page.getByRole('dialog').getByLabel('Date prévue').waitFor()
    found.plan = await findViolations(page)
    expect(found).toEqual({ page: [], form: [], plan: [] })
    await context.close()
  },
)
