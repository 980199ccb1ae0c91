import type { Candidate, Family } from './candidate.ts'
import { findCarrierNumbers, isAirWaybill, isColissimo, isS10, isUps, looksLikeS10 } from './carrier-numbers.ts'
import { compact } from './folded-text.ts'
import { readLabelledToken, type Token } from './labelled-token.ts'

const labelInFront =
  /^(?:TRACKING(?:NUMBER|NO|ID)?|N(?:UMERO)?DE(?:SUIVI|COLIS)|SUIVI|CMR|LTA|AWB|NO|N)+(?=[A-Z0-9]*\d)/
const own = /SUIVI|TRACK|WAYBILL|LTA|AWB|RECEPISSE|LETTRE|COLISSIMO|CHRONOPOST|CONSIGNMENT/

function isRefused(value: string): boolean {
  if (looksLikeS10(value)) return !isS10(value)
  if (value.startsWith('1Z') && value.length === 18) return !isUps(value)
  return /^[A-Z]{3}[UJZ]\d{7}$/.test(value) || /^(?:00)?\d{18}$/.test(value)
}

function isEnough({ value, digits, numbered }: Token, label: string): boolean {
  const letters = /[A-Z]/.test(value)
  if (/(?:LTA|AWB)$/.test(label) && /^\d{3}[- ]?\d{8}$/.test(value)) return isAirWaybill(compact(value))
  if (label.endsWith('CMR')) return digits >= (numbered ? 3 : 5)
  if (own.test(label)) return letters ? digits >= 3 && value.length >= 6 : digits >= 6
  if (numbered) return letters ? digits >= 4 && value.length >= 7 : digits >= 8
  return letters ? digits >= 6 && value.length >= 8 : digits >= 10
}

/**
 * Tracking numbers: S10 and UPS with their check digits, the look of La Poste's parcels, and any reference that stands after a
 * label such as "n° de suivi", "LTA" or "CMR n°". Something that looks like an S10, a 1Z, an SSCC or a container is never taken
 * as a free reference: those have a check digit, and their own family.
 */
export const trackingNumber: Family = {
  normalise(printed) {
    const whole = compact(printed)
    const value = looksLikeS10(whole) || isUps(whole) || isColissimo(whole) ? whole : whole.replace(labelInFront, '')
    const plausible = /^[A-Z0-9]{3,40}$/.test(value) && /\d/.test(value)
    return plausible && !isRefused(value) ? value : null
  },
  find(reading) {
    const { folded, labels } = reading
    const found: Candidate[] = findCarrierNumbers(reading)
    for (const group of labels.groups) {
      if (!group.kinds.includes('TRACKING_NUMBER')) continue
      const token = readLabelledToken(reading, group.end)
      if (!token || !isEnough(token, folded.slice(group.start, group.end))) continue
      const value = compact(token.value)
      found.push({
        kind: 'TRACKING_NUMBER',
        key: isRefused(value) ? null : value,
        start: token.start,
        end: token.end,
        confidence: token.numbered ? 0.9 : 0.75,
      })
    }
    return found
  },
}
