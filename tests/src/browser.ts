import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type Page } from 'playwright-core'
import { buildWeb } from '../../tools/web.mjs'

/** Evaluated by the debugger, which the page's content policy does not bind. */
const axeSource = `${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')};0`
const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']

/** Builds the web application if its sources changed, and opens a browser that needs nothing installed on the machine. */
export async function openBrowser(): Promise<Browser> {
  await buildWeb({ root: fileURLToPath(new URL('../..', import.meta.url)), node: process.execPath, env: process.env })
  return playwright.launch({ executablePath: await chromium.executablePath(), args: flags })
}

export interface Looks {
  phone?: boolean
  dark?: boolean
}

/** A visitor with a French browser; `faults` collects what must never happen: script errors and requests to another host. */
export async function openVisitor(browser: Browser, url: string, { phone = false, dark = false }: Looks = {}) {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'fr-FR',
    colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    isMobile: phone,
    hasTouch: phone,
    reducedMotion: 'reduce',
  })
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) faults.push(request.url())
  })
  context.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text())
  })
  return { context, page: await context.newPage(), faults }
}

/** Logs in through the form. */
export async function enter(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('Adresse e-mail').fill(email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.getByRole('heading', { name: /^Bonjour/ }).waitFor()
}

/** At both ends of the messages that come and go: each sends whoever tabs onto it on at once, so that nobody rests on what cannot be read. */
const toastGuards = '[role="region"] > span[aria-hidden="true"][tabindex="0"]'

/** What axe says of colours alone: nothing else is different in the dark. */
const ofColours = ['color-contrast', 'link-in-text-block']

/** The violations axe finds on the page as it is shown, serious and critical ones; of all its rules unless told. */
export async function findViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axeSource)
  const where = JSON.stringify({ exclude: [toastGuards] })
  const what = JSON.stringify(rules ? { runOnly: rules } : {})
  const violations = await page.evaluate<Violation[]>(`axe.run(${where}, ${what}).then(({ violations }) => violations)`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
}

/** What is wrong with the pages at some addresses, by address: violations, by day and in the dark, and what is wider than the window. */
export async function walk(page: Page, addresses: readonly string[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const address of addresses) {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(address)
    await page.locator('h1').first().waitFor({ state: 'attached' })
    await page.waitForLoadState('networkidle')
    const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)
    const faults = [...(await findViolations(page)), ...(overflows ? ['wider than the window'] : [])]
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html.dark').waitFor({ state: 'attached' })
    faults.push(...(await findViolations(page, ofColours)).map((fault) => `in the dark, ${fault}`))
    if (faults.length > 0) found[address] = faults
  }
  return found
}

/** The windows that a page is shown in. */
export const bothSizes: readonly Looks[] = [{}, { phone: true }]

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** More stops than any page has. */
const mostStops = 200

/** What the keyboard comes to on a page, stop by stop, that something else covers; the page is in the window of a phone. */
export async function coveredStops(page: Page): Promise<string[]> {
  const covered: string[] = []
  for (let stop = 0; stop < mostStops; stop++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return 'the end'
      const { left, top, width, height } = element.getBoundingClientRect()
      const above = document.elementFromPoint(left + width / 2, top + height / 2)
      // Those that send on at once are not looked at, and a box that is ticked may lie below its own picture.
      const isSeen = !above || element.matches('[aria-hidden="true"]') || element.parentElement?.contains(above)
      return isSeen ? null : element.outerHTML.slice(0, 200)
    })
    if (at === 'the end') return covered
    if (at) covered.push(at)
  }
  throw new Error(`The keyboard does not come to the end of ${page.url()}`)
}
