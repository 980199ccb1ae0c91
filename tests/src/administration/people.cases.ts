import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { createApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import type { Hand, Person } from './hands.ts'
import { fine, openOffice, stateOf, type Office } from './office.ts'

/** Members, keys and sessions. */
export function peopleCases(house: Passerelle, browser: () => Browser, hand: Hand): void {
  let office: Office
  let ada: Person
  beforeAll(async () => {
    office = await openOffice(house, browser())
    ada = await office.arrive('Ada', hand)
  })
  afterAll(() => ada?.context.close())

  test('somebody is invited, and the invitation is taken back', async () => {
    const { page, press, write } = ada
    await office.go(ada, 'Membres et droits')
    await press(page.getByRole('button', { name: 'Inviter' }))
    const dialog = page.getByRole('dialog', { name: 'Inviter' })
    await write(dialog.getByLabel('Adresse e-mail'), 'jean@exemple.fr')
    await press(dialog.getByRole('button', { name: 'Envoyer l’invitation' }))
    const row = page
      .getByRole('list', { name: 'Invitations' })
      .getByRole('listitem')
      .filter({ hasText: 'jean@exemple.fr' })
    await row.getByText('En attente').waitFor()
    await press(row.getByRole('button', { name: 'Retirer l’invitation de jean@exemple.fr' }))
    await row.getByText('Retirée').waitFor()
    expect(await row.getByRole('button').count()).toBe(0)
    expect(await stateOf(ada)).toEqual(fine)
  })

  test('a member is given another role and a right of their own', async () => {
    const { page, press, choose, leave } = ada
    await office.go(ada, 'Membres et droits')
    const row = page.getByRole('listitem').filter({ hasText: office.emails.Grace }).first()
    await press(row.getByText('Rôles de Grace Hopper').locator('xpath=ancestor::button'))
    await press(page.getByRole('option', { name: 'Analyste' }))
    await page.getByText('Rôles de Grace Hopper enregistrés').first().waitFor()
    await leave()
    await row.getByText(/Opérateur.*Analyste|Analyste.*Opérateur/).waitFor()
    await press(row.getByRole('button', { name: 'Actions pour Grace Hopper' }))
    await press(page.getByRole('menuitem', { name: 'Droits particuliers' }))
    const dialog = page.getByRole('dialog', { name: 'Droits de Grace Hopper' })
    await choose(dialog.getByLabel('Lire et exporter le journal d’audit'), 'Donné en plus')
    await press(dialog.getByRole('button', { name: 'Enregistrer' }))
    await row.getByText('2 droits particuliers').waitFor()
    expect(await stateOf(ada)).toEqual(fine)
  })

  test('a key is made, shown once, and revoked', async () => {
    const { page, press, write } = ada
    await office.go(ada, 'Clés d’API')
    await press(page.getByRole('button', { name: 'Nouvelle clé' }).first())
    const dialog = page.getByRole('dialog')
    await write(dialog.getByLabel('Nom', { exact: false }).first(), 'Transports Girard')
    await press(dialog.getByRole('checkbox', { name: 'Lire et chercher les documents' }))
    await press(dialog.getByRole('button', { name: 'Créer la clé' }))
    const secret = dialog.getByLabel('Clé', { exact: true })
    await dialog.getByText('Cette clé ne sera plus jamais affichée').waitFor()
    const token = await secret.inputValue()
    const program = createApiClient(house.url, token)
    expect(await program.ask('{ viewer { scopes } }')).toEqual({ viewer: { scopes: ['document:read'] } })
    await press(dialog.getByRole('button', { name: 'Je l’ai copiée' }))
    await press(page.locator('summary', { hasText: 'Transports Girard' }))
    expect(await page.content()).not.toContain(token)
    await press(page.getByRole('button', { name: 'Révoquer' }))
    await press(page.getByRole('dialog').getByRole('button', { name: 'Révoquer' }))
    await page.getByText('Aucune clé en service').waitFor()
    expect((await program.answer('{ viewer { scopes } }')).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
    expect(await stateOf(ada)).toEqual(fine)
  })

  test('a session elsewhere is ended, and who sits there is told', async () => {
    const elsewhere = await office.arrive('Ada', hand === 'phone' ? 'keyboard' : 'phone')
    const { page, press } = ada
    await page.goto('/settings')
    const sessions = page.getByRole('list', { name: 'Sessions ouvertes' })
    const others = sessions.getByRole('listitem').filter({ hasNotText: 'Cette session' })
    await others.first().waitFor()
    for (let left = await others.count(); left > 0; left--) {
      await press(others.first().getByRole('button', { name: /^Fermer la session de/ }))
      await expect.poll(() => others.count()).toBe(left - 1)
    }
    await page.getByText('La session est fermée.').first().waitFor()
    await elsewhere.page.getByText('Votre session a pris fin').waitFor()
    await sessions.getByText('Cette session').waitFor()
    expect(await stateOf(ada)).toEqual(fine)
    await elsewhere.context.close()
  })
}
