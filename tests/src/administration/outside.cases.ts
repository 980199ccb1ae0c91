import { readFile } from 'node:fs/promises'
import type { Browser, Download, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isSigned, openReceiver, type Receiver } from '../kills/receiver.ts'
import type { Passerelle } from '../passerelle.ts'
import type { Hand, Person } from './hands.ts'
import { fine, openOffice, stateOf, type Office } from './office.ts'

/** What leaves the house: messages to programs, the log, statements. */
export function outsideCases(house: Passerelle, browser: () => Browser, hand: Hand): void {
  let office: Office
  let ada: Person
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await openReceiver()
    office = await openOffice(house, browser())
    ada = await office.arrive('Ada', hand)
  })
  afterAll(async () => {
    await ada?.context.close()
    await receiver.close()
  })

  test('a webhook is made, tried, and sends a message once more', async () => {
    const { page, press, write } = ada
    await office.go(ada, 'Webhooks')
    await press(page.getByRole('button', { name: 'Nouveau webhook' }).first())
    const dialog = page.getByRole('dialog')
    await write(dialog.getByRole('textbox', { name: 'Nom' }), 'ERP de Nantes')
    await write(dialog.getByRole('textbox', { name: 'Adresse' }), 'http://10.0.0.1/crochet')
    await press(dialog.getByRole('group', { name: 'Expéditions' }).getByRole('checkbox').first())
    await press(dialog.getByRole('button', { name: 'Créer' }))
    await dialog.getByText('Cette adresse').first().waitFor()
    await write(dialog.getByRole('textbox', { name: 'Adresse' }), receiver.url)
    await press(dialog.getByRole('button', { name: 'Créer' }))
    await dialog.getByText('Ce secret ne sera plus jamais affiché').waitFor()
    const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue()
    await press(dialog.getByRole('button', { name: 'Je l’ai copié' }))
    await press(page.getByRole('link', { name: /ERP de Nantes/ }))
    await page.getByRole('heading', { level: 1, name: 'ERP de Nantes' }).waitFor()
    expect(await page.content()).not.toContain(secret)
    await press(page.getByRole('button', { name: 'Essayer' }))
    const message = page
      .getByRole('list', { name: /^Journal/ })
      .getByRole('listitem')
      .first()
    await message.getByText('Arrivé', { exact: true }).waitFor()
    await message.getByText('HTTP 200 · 1 essai').waitFor()
    await press(message.locator('summary'))
    const { promise, resolve } = Promise.withResolvers<{ status: number }>()
    receiver.answer = () => promise
    await press(message.getByRole('button', { name: 'Renvoyer' }))
    await message.getByText('En attente', { exact: true }).waitFor()
    resolve({ status: 200 })
    await message.getByText('HTTP 200 · 2 essais').waitFor()
    expect(receiver.received.map((each) => [each.id, isSigned(each, secret)])).toEqual([
      [receiver.received[0]?.id, true],
      [receiver.received[0]?.id, true],
    ])
    await message.getByText(`webhook-id: ${receiver.received[0]?.id}`).waitFor()
    expect(await stateOf(ada)).toEqual(fine)
  })

  test('the audit log is narrowed, verified and taken away', async () => {
    const { page, press, choose } = ada
    await office.go(ada, 'Journal d’audit')
    const lines = page.getByRole('list', { name: 'Journal d’audit' }).getByRole('listitem')
    await lines.filter({ hasText: 'Organisation créée' }).waitFor()
    await choose(page.getByLabel('Action', { exact: true }), 'Droits changés')
    await expect.poll(() => lines.count()).toBe(1)
    await press(lines.locator('summary'))
    await lines.getByText('member.scopes_changed').waitFor()
    await press(page.getByRole('button', { name: 'Effacer les filtres' }))
    await expect.poll(() => lines.count()).toBeGreaterThan(1)
    await press(page.getByRole('button', { name: 'Vérifier le journal' }))
    await page.getByRole('status').getByText('Le journal est intact').waitFor()
    await press(page.getByRole('button', { name: 'Exporter' }))
    const file = await downloadOf(ada, page.getByRole('menuitem', { name: 'Tableur (CSV)' }))
    expect(file.suggestedFilename()).toMatch(/\.csv$/)
    expect(await readFile(await file.path(), 'utf8')).toContain('member.scopes_changed')
    expect(await stateOf(ada)).toEqual(fine)
  })

  test('the statement of the month is taken away as a table', async () => {
    const { page } = ada
    await office.go(ada, 'Consommation')
    await page.getByRole('listitem').filter({ hasText: 'Requêtes à l’API' }).waitFor()
    const file = await downloadOf(ada, page.getByRole('button', { name: 'CSV' }))
    const now = new Date().toISOString()
    expect(file.suggestedFilename()).toMatch(/\.csv$/)
    expect(await readFile(await file.path(), 'utf8')).toContain(now.slice(0, 7))
    expect(await stateOf(ada)).toEqual(fine)
  })
}

/** What is saved when somebody presses there. */
async function downloadOf({ page, press }: Person, place: Locator): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(place)])
  return download
}
