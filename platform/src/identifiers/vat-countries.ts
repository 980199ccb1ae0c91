import { validate as at } from 'stdnum/lib/cjs/at/uid.js'
import { validate as be } from 'stdnum/lib/cjs/be/vat.js'
import { validate as bg } from 'stdnum/lib/cjs/bg/vat.js'
import { validate as cy } from 'stdnum/lib/cjs/cy/vat.js'
import { validate as cz } from 'stdnum/lib/cjs/cz/dic.js'
import { validate as de } from 'stdnum/lib/cjs/de/vat.js'
import { validate as dk } from 'stdnum/lib/cjs/dk/cvr.js'
import { validate as ee } from 'stdnum/lib/cjs/ee/kmkr.js'
import { validate as es } from 'stdnum/lib/cjs/es/nif.js'
import { validate as fi } from 'stdnum/lib/cjs/fi/alv.js'
import { validate as fr } from 'stdnum/lib/cjs/fr/tva.js'
import { validate as gb } from 'stdnum/lib/cjs/gb/vat.js'
import { validate as gr } from 'stdnum/lib/cjs/gr/vat.js'
import { validate as hr } from 'stdnum/lib/cjs/hr/oib.js'
import { validate as hu } from 'stdnum/lib/cjs/hu/anum.js'
import { validate as ie } from 'stdnum/lib/cjs/ie/vat.js'
import { validate as it } from 'stdnum/lib/cjs/it/iva.js'
import { validate as lt } from 'stdnum/lib/cjs/lt/pvm.js'
import { validate as lu } from 'stdnum/lib/cjs/lu/tva.js'
import { validate as lv } from 'stdnum/lib/cjs/lv/pvn.js'
import { validate as mt } from 'stdnum/lib/cjs/mt/vat.js'
import { validate as nl } from 'stdnum/lib/cjs/nl/btw.js'
import { validate as pl } from 'stdnum/lib/cjs/pl/nip.js'
import { validate as pt } from 'stdnum/lib/cjs/pt/nif.js'
import { validate as ro } from 'stdnum/lib/cjs/ro/cui.js'
import { validate as se } from 'stdnum/lib/cjs/se/vat.js'
import { validate as si } from 'stdnum/lib/cjs/si/ddv.js'
import { validate as sk } from 'stdnum/lib/cjs/sk/dph.js'
import { mod97 } from './check-digits.ts'

type Country = { lengths: number[]; shape: RegExp; passes(number: string): boolean }
type Validate = (number: string) => { isValid: boolean }

function country(lengths: number[], shape: RegExp, validate: Validate): Country {
  return { lengths, shape, passes: (number) => validate(number).isValid }
}

/** How a VAT number looks after its prefix and which check it must pass, for every prefix of the EU (and XI, Northern Ireland). */
export const vatCountries: Record<string, Country> = {
  AT: country([9], /^U\d{8}$/, at),
  BE: country([10, 9], /^[01]?\d{9}$/, (number) => be(number.padStart(10, '0'))),
  BG: country([10, 9], /^\d{9,10}$/, bg),
  CY: country([9], /^\d{8}[A-Z]$/, cy),
  CZ: country([10, 9, 8], /^\d{8,10}$/, cz),
  DE: country([9], /^[1-9]\d{8}$/, de),
  DK: country([8], /^[1-9]\d{7}$/, dk),
  EE: country([9], /^\d{9}$/, ee),
  EL: country([9], /^\d{9}$/, gr),
  ES: country([9], /^[A-Z0-9]\d{7}[A-Z0-9]$/, es),
  FI: country([8], /^\d{8}$/, fi),
  FR: country([11], /^[A-HJ-NP-Z0-9]{2}\d{9}$/, fr),
  HR: country([11], /^\d{11}$/, hr),
  HU: country([8], /^[1-9]\d{7}$/, hu),
  IE: country([9, 8], /^(?:\d{7}[A-W][A-I]?|\d[A-Z]\d{5}[A-W])$/, ie),
  IT: country([11], /^\d{11}$/, it),
  LT: country([12, 9], /^(?:\d{9}|\d{12})$/, lt),
  LU: country([8], /^\d{8}$/, lu),
  LV: country([11], /^\d{11}$/, lv),
  MT: country([8], /^\d{8}$/, mt),
  // Since 2020 sole traders have a number that is checked by modulo 97 over the whole, prefix included.
  NL: country([12], /^\d{9}B\d\d$/, (number) => ({ isValid: mod97(`NL${number}`) === 1 || nl(number).isValid })),
  PL: country([10], /^\d{10}$/, pl),
  PT: country([9], /^[1-9]\d{8}$/, pt),
  RO: country([10, 9, 8, 7, 6, 5, 4], /^[1-9]\d{3,9}$/, ro),
  SE: country([12], /^\d{10}01$/, se),
  SI: country([8], /^[1-9]\d{7}$/, si),
  SK: country([10], /^[1-9]\d{9}$/, sk),
  XI: country([12, 9], /^(?:\d{9}|\d{12})$/, gb),
}
