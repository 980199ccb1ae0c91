import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settled } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import type { Hand, Person } from './hands.ts'
import { fine, openOffice, stateOf, type Office } from './office.ts'

/** What a second person has to say yes to. */
export function consentCases(house: Passerelle, browser: () => Browser, hand: Hand): void {
  let office: Office
  let ada: Person
  beforeAll(async () => {
    office = await openOffice(house, browser())
    ada = await office.arrive('Ada', hand)
  })
  afterAll(() => ada?.context.close())

  test('what somebody proposes comes to who decides while they look, and goes when they say yes', async () => {
    await office.owner.upload('ancien-avis.txt', Buffer.from('Avis de passage du 3 mars'))
    await settled(office.owner)
    const grace = await office.arrive('Grace', hand)
    await ada.page.goto('/approvals')
    await ada.page.getByText('Rien n’attend votre décision').waitFor()

    await grace.page.goto('/documents')
    await grace.press(grace.page.getByRole('button', { name: /^Actions sur ancien-avis/ }))
    expect(await grace.page.getByRole('menuitem', { name: 'Supprimer', exact: true }).count()).toBe(0)
    await grace.press(grace.page.getByRole('menuitem', { name: 'Proposer la suppression' }))
    await grace.press(grace.page.getByRole('dialog').getByRole('button', { name: 'Proposer' }))
    await grace.page.getByText('La suppression est proposée.').first().waitFor()

    await ada.press(ada.page.getByRole('main').getByRole('link', { name: /ancien-avis/ }))
    await ada.page.getByText('Proposée par Grace Hopper').waitFor()
    await ada.press(ada.page.getByRole('button', { name: 'Accepter' }))
    await ada.page.getByRole('main').getByText('Faite', { exact: true }).first().waitFor()
    await grace.page.getByRole('main').getByText('ancien-avis').waitFor({ state: 'detached' })
    await grace.page.goto('/approvals?tab=mine')
    await grace.page.getByRole('main').getByText('Faite', { exact: true }).waitFor()
    expect([await stateOf(ada), await stateOf(grace)]).toEqual([fine, fine])
    await grace.context.close()
  })

  test('what is known of a person is taken along, and erased when a second person has said yes', async () => {
    await office.owner.ask(
      `mutation { createClient(input: { name: "Marie Durand", email: "marie.durand@exemple.fr" }) { ... on Client { id } } }`,
    )
    const henri = await office.arrive('Henri', hand)
    const { page, press, write } = ada
    await office.go(ada, 'Vie privée')
    await write(page.getByLabel('Adresses e-mail'), 'marie.durand@exemple.fr')
    await press(page.getByRole('button', { name: 'Rechercher', exact: true }))
    const held = page.getByRole('list', { name: 'Ce qui est gardé de cette personne' })
    await held.getByRole('listitem').filter({ hasText: 'Clients' }).getByText('1').waitFor()
    await press(page.getByRole('button', { name: 'Exporter', exact: true }))
    const requests = page.getByRole('list', { name: 'Demandes' })
    const taken = requests.getByRole('listitem').filter({ hasText: 'Export d’une personne' })
    await taken.getByText('Terminé').waitFor()
    const [archive] = await Promise.all([
      page.waitForEvent('download'),
      press(taken.getByRole('link', { name: 'Télécharger' })),
    ])
    expect((await readFile(await archive.path())).subarray(0, 2).toString()).toBe('PK')

    await press(page.getByRole('button', { name: 'Effacer…' }))
    await press(page.getByRole('dialog').getByRole('button', { name: 'Demander l’effacement' }))
    const erasure = requests.getByRole('listitem').filter({ hasText: 'Effacement d’une personne' })
    await erasure.getByText('À approuver').waitFor()

    await henri.page.goto('/approvals')
    await henri.press(henri.page.getByRole('main').getByRole('link', { name: /Effacement|effac/ }))
    await henri.press(henri.page.getByRole('button', { name: 'Accepter' }))
    await erasure.getByText('Terminé').waitFor()
    await erasure.getByText('approuvé par Henri Fayol').waitFor()
    await erasure.getByRole('button', { name: 'Reçu' }).waitFor()
    await write(page.getByLabel('Adresses e-mail'), 'marie.durand@exemple.fr')
    await press(page.getByRole('button', { name: 'Rechercher', exact: true }))
    await held.getByRole('listitem').filter({ hasText: 'Clients' }).waitFor({ state: 'detached' })
    expect([await stateOf(ada), await stateOf(henri)]).toEqual([fine, fine])
    await henri.context.close()
  })
}
