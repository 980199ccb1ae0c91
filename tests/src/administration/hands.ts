import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { openVisitor } from '../browser.ts'

/** How a person acts on what they see: with a thumb, or with the keys of a keyboard and nothing else. */
export interface Hands {
  /** Presses a button or a link, opens what unfolds, ticks a box, takes an item of a menu. */
  press(place: Locator): Promise<void>
  write(place: Locator, text: string): Promise<void>
  /** Takes one of the choices of a list. */
  choose(place: Locator, label: string): Promise<void>
  /** Leaves what is open without doing anything. */
  leave(): Promise<void>
}

/** The two who have to be able to work. */
export const hands = ['phone', 'keyboard'] as const
export type Hand = (typeof hands)[number]

/** Somebody at a browser of their own. */
export interface Person extends Hands {
  page: Page
  context: BrowserContext
  /** What must never happen. */
  faults: string[]
}

/** Opens a browser for somebody: a phone that is touched, or a computer without a mouse. */
export async function openPerson(browser: Browser, url: string, hand: Hand): Promise<Person> {
  const { page, context, faults } = await openVisitor(browser, url, { phone: hand === 'phone' })
  page.setDefaultTimeout(60_000)
  const own = hand === 'phone' ? thumb(page) : keys(page, faults)
  return { page, context, faults, ...own }
}

function thumb(page: Page): Hands {
  return {
    press: (place) => place.tap(),
    write: (place, text) => place.fill(text),
    async choose(place, label) {
      await place.selectOption({ label })
    },
    // What is open covers the page; beside it is the page.
    leave: () => page.touchscreen.tap(4, 4),
  }
}

/** More stops than any page has. */
const mostStops = 400

function keys(page: Page, faults: string[]): Hands {
  const { keyboard } = page

  /** Goes there stop by stop, and looks whether it shows. */
  async function goTo(place: Locator): Promise<void> {
    for (let stop = 0; stop < mostStops; stop++) {
      const way = await place.evaluate(wayTo)
      if (way === 'here') {
        if (!(await place.evaluate(showsFocus))) faults.push(`where the keyboard is does not show: ${String(place)}`)
        return
      }
      await keyboard.press(way)
    }
    throw new Error(`The keyboard does not come to ${String(place)}`)
  }

  return {
    async press(place) {
      await place.waitFor()
      const role = await place.getAttribute('role')
      if (role === 'menuitem' || role === 'option') await down(page, place)
      else await goTo(place)
      const ticks = await place.evaluate((element) => element.matches('input[type=checkbox], [role=checkbox]'))
      await keyboard.press(ticks ? 'Space' : 'Enter')
    },
    async write(place, text) {
      await place.waitFor()
      await goTo(place)
      await keyboard.press('Control+A')
      await keyboard.type(text)
    },
    async choose(place, label) {
      await place.waitFor()
      await goTo(place)
      await keyboard.press('Home')
      const shown = () => place.evaluate((list: HTMLSelectElement) => list.selectedOptions[0]?.label)
      for (let item = 0; (await shown()) !== label; item++) {
        if (item === mostStops) throw new Error(`The list does not come to ${label}`)
        await keyboard.press('ArrowDown')
      }
    },
    leave: () => keyboard.press('Escape'),
  }
}

/** The key that leads towards an element. */
function wayTo(element: Element): 'here' | 'Tab' | 'Shift+Tab' {
  const at = document.activeElement
  if (element === at) return 'here'
  const isBehind = at && at !== document.body && element.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING
  return isBehind ? 'Shift+Tab' : 'Tab'
}

/** Whether an element that has the focus looks so: by itself, or by what is around it. */
function showsFocus(element: Element): boolean {
  const isMarked = (one: Element): boolean => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || (boxShadow !== 'none' && boxShadow !== '')
  }
  return isMarked(element) || (element.parentElement !== null && isMarked(element.parentElement))
}

async function down(page: Page, item: Locator): Promise<void> {
  const isThere = () =>
    item.evaluate((element) => element === document.activeElement || element.hasAttribute('data-highlighted'))
  for (let step = 0; !(await isThere()); step++) {
    if (step === mostStops) throw new Error(`The arrow keys do not come to ${String(item)}`)
    await page.keyboard.press('ArrowDown')
  }
}
