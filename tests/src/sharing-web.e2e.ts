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

test('a document is shared with a client from where it is read, seen on their page, and taken back there', async () => {
  const { page, context, faults } = await visit()
  await page.goto('/documents')
  await page.getByRole('link', { name: /^Avoir Logistique/ }).click()
  await page.getByRole('tab', { name: 'Détails' }).click()
  await page.getByRole('button', { name: /^Actions sur/ }).click()
  await page.getByRole('menuitem', { name: 'Partager avec un client…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Chercher un client' }).fill('noël')
  await dialog.getByRole('button', { name: 'Partager avec Boulangerie Noël' }).press('Enter')
  await dialog.getByRole('button', { name: 'Retirer à Boulangerie Noël' }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Fermer' }).first().click()
  await dialog.waitFor({ state: 'detached' })

  await page.getByRole('link', { name: 'Boulangerie Noël' }).click()
  await page.getByRole('heading', { level: 1, name: 'Boulangerie Noël' }).waitFor()
  const taken = page.getByRole('button', { name: /^Retirer « Avoir Logistique/ })
  await taken.click()
  await page.getByText('Rien n’est partagé avec ce client.').waitFor()
  await page.getByRole('button', { name: 'Partager un document' }).click()
  await dialog.getByRole('textbox', { name: 'Chercher un document' }).fill('avoir')
  await dialog.getByRole('button', { name: /^Partager « Avoir Logistique/ }).click()
  await dialog.getByText('Aucun document à partager ne correspond.').waitFor()
  await page.keyboard.press('Escape')
  await taken.waitFor()
  expect(faults).toEqual([])
  await context.close()
})

test('a shipment is given to a client on a phone, stands on their page, and is nobody’s again once the field is emptied', async () => {
  const { page, context, faults } = await visit({ phone: true, dark: true })
  await page.goto('/shipments')
  await page.getByRole('link', { name: '(00) 325906689129409841' }).click()
  const facts = page.locator('dl')
  await facts.getByRole('link', { name: 'Librairie L’Écritoire' }).waitFor()
  await page.getByRole('button', { name: 'Modifier' }).click()
  const client = page.getByRole('dialog').getByRole('combobox', { name: 'Client' })
  await client.fill('noel')
  await page.getByRole('option', { name: 'Boulangerie Noël' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click()
  await facts.getByRole('link', { name: 'Boulangerie Noël' }).click()
  const shipments = page.getByRole('list', { name: 'Expéditions' })
  await shipments.getByRole('link', { name: '(00) 325906689129409841' }).click()
  await page.getByRole('button', { name: 'Modifier' }).click()
  await client.fill('')
  await client.blur()
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click()
  await facts.getByRole('link', { name: 'Boulangerie Noël' }).waitFor({ state: 'detached' })
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('Enregistré.').last().waitFor({ state: 'detached' })
  expect(await findViolations(page)).toEqual([])
  expect(faults).toEqual([])
  await context.close()
})
