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

/** Days from today, as a field of a day takes them. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('a stay is booked with the keyboard, told when others have its days, and shown in another window, called off and taken back', async () => {
  const { page, context, faults } = await visit()
  const other = await context.newPage()
  await other.goto('/bookings')
  await other.getByRole('link', { name: 'Mme Inès Benali' }).waitFor()
  await page.goto('/bookings')
  await page.getByRole('button', { name: 'Réserver' }).press('Enter')
  const dialog = page.getByRole('dialog')
  const property = dialog.getByRole('combobox', { name: /^Bien/ })
  await expect.poll(() => property.evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.type('mimosas')
  await page.keyboard.press('Enter')
  await expect.poll(() => property.inputValue()).toBe('Villa Les Mimosas')
  await dialog.getByLabel('Arrivée').fill(dayIn(5))
  await dialog.getByLabel('Départ').fill(dayIn(6))
  await dialog.getByLabel('Voyageur').fill('Caradec')
  await dialog.getByRole('option', { name: /Caradec/ }).waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Créer' }).click()
  await dialog.getByRole('alert').getByText('Mme Inès Benali').waitFor()
  expect(await findViolations(page)).toEqual([])

  await dialog.getByLabel('Départ').fill(dayIn(41))
  await dialog.getByLabel('Arrivée').fill(dayIn(40))
  await dialog.getByRole('button', { name: 'Créer' }).click()
  await dialog.waitFor({ state: 'detached' })
  await other.getByRole('link', { name: 'Mme Hélène Caradec' }).click()
  await other.getByRole('heading', { name: 'Mme Hélène Caradec' }).waitFor()

  await page.getByRole('link', { name: 'Mme Hélène Caradec' }).click()
  await page.getByRole('button', { name: 'Annuler la réservation' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler la réservation' }).click()
  await other.getByRole('button', { name: 'Rétablir' }).waitFor()
  await page.getByRole('listitem').getByRole('button', { name: 'Annuler' }).click()
  await other.getByRole('button', { name: 'Annuler la réservation' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

test('the month of a property leads to each stay and begins one on a free day, also under a thumb', async () => {
  const { page, context, faults } = await visit({ phone: true })
  await page.goto('/properties')
  await page.getByRole('link', { name: 'Villa Les Mimosas' }).click()
  const month = page.getByRole('table', { name: 'Nuits réservées du mois' })
  await page.getByRole('button', { name: 'Mois suivant' }).click()
  await page.getByRole('button', { name: 'Mois suivant' }).click()
  await page.getByRole('button', { name: 'Mois suivant' }).click()
  const free = month.getByRole('button', { name: /^Réserver à partir du 15/ })
  await free.waitFor()
  expect(await findViolations(page)).toEqual([])
  await free.click()
  const dialog = page.getByRole('dialog')
  await expect.poll(() => dialog.getByRole('combobox', { name: /^Bien/ }).inputValue()).toBe('Villa Les Mimosas')
  const arrival = await dialog.getByLabel('Arrivée').inputValue()
  expect(arrival).toMatch(/-15$/)
  await dialog.getByLabel('Départ').fill(arrival.replace(/15$/, '18'))
  await dialog.getByRole('button', { name: 'Créer' }).click()
  await dialog.waitFor({ state: 'detached' })
  for (const day of ['15', '16', '17'])
    await month.getByRole('link', { name: new RegExp(`^${day} .*Bien fermé`) }).waitFor()
  await month.getByRole('button', { name: /^Réserver à partir du 18/ }).waitFor()
  await month.getByRole('link', { name: /^16 / }).click()
  await page.getByRole('heading', { name: 'Bien fermé' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})
