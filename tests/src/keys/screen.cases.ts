import { beforeAll, afterAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { enter, findViolations, openBrowser, openVisitor } from '../browser.ts'
import { createApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

const waitMs = 60_000

/** The screen where keys are made and ended. */
export function screenCases(house: Passerelle): void {
  let browser: Browser
  const account = { email: `cles.${process.pid}@exemple.fr`, password: 'des clés pour Girard et Nantes' }
  beforeAll(async () => {
    browser = await openBrowser()
    await createApiClient(house.url, null).ask(
      `mutation ($email: String!, $password: String!) {
        signUp(email: $email, password: $password, name: "Ada", organizationName: "Fret Sud") { ... on Session { accessToken } } }`,
      account,
    )
  })
  afterAll(() => browser?.close())

  test('on a phone and with the keyboard alone a key is made, works, and is revoked', async () => {
    const { context, page, faults } = await openVisitor(browser, house.url, { phone: true })
    page.setDefaultTimeout(waitMs)
    await enter(page, account)
    await page.goto('/admin/keys')
    await page.getByText('Aucune clé en service').waitFor()
    expect(await findViolations(page)).toEqual([])

    await page.getByRole('button', { name: 'Nouvelle clé' }).first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox').first().waitFor()
    await expect.poll(() => focusedTag(page), { timeout: waitMs }).toBe('INPUT text')
    await page.keyboard.type('Transports Girard')
    await page.keyboard.press('Tab')
    expect(await focusedTag(page)).toBe('INPUT radio')
    await page.keyboard.press('Tab')
    expect(await focusedTag(page)).toBe('INPUT checkbox')
    await page.keyboard.press('Space')
    expect(await findViolations(page)).toEqual([])
    await page.keyboard.press('Enter')

    const secret = page.getByLabel('Clé', { exact: true })
    await secret.waitFor()
    const token = await secret.inputValue()
    expect(token).toMatch(/^pk_[0-9a-f]{32}_[0-9A-Za-z]{60}$/)
    const partner = createApiClient(house.url, token)
    expect(await partner.ask('{ viewer { scopes key { name } } }')).toEqual({
      viewer: { scopes: ['document:read'], key: { name: 'Transports Girard' } },
    })
    await page.getByRole('button', { name: 'Je l’ai copiée' }).focus()
    await page.keyboard.press('Enter')

    const line = page.locator('summary', { hasText: 'Transports Girard' })
    await line.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Révoquer' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Révoquer' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Aucune clé en service').waitFor()
    expect((await partner.answer('{ viewer { scopes } }')).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
    expect(await page.content()).not.toContain(token)
    expect(faults).toEqual([])
    await context.close()
  })

  test('the quick start is there for who has no account, with the address of this house', async () => {
    const { context, page, faults } = await openVisitor(browser, house.url, { phone: true, dark: true })
    page.setDefaultTimeout(waitMs)
    await page.goto('/quick-start')
    await page.getByRole('heading', { name: 'Démarrage pour partenaires' }).waitFor()
    expect(await page.content()).toContain(`export PASSERELLE_URL=${house.url}`)
    expect(await findViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })
}

function focusedTag(page: { evaluate<T>(script: string): Promise<T> }): Promise<string> {
  return page.evaluate<string>('`${document.activeElement?.tagName} ${document.activeElement?.type ?? ""}`')
}
