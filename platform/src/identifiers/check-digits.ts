/** Luhn's sum over a string of digits: true when its last digit is the right one. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    sum += index % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9
  }
  return sum % 10 === 0
}

/** GS1's modulo 10 (weights 3 and 1 from the right), shared by GTIN, SSCC and GLN: true when the last digit is the right one. */
export function passesGs1(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    sum += (digits.charCodeAt(digits.length - 1 - index) - 48) * (index % 2 === 0 ? 1 : 3)
  }
  return sum % 10 === 0
}

/** ISO 7064 modulo 97 of an upper-case alphanumeric string, letters counted from A = 10, as IBAN wants it. */
export function mod97(value: string): number {
  let rest = 0
  for (const char of value) {
    const code = char.charCodeAt(0)
    rest = code < 65 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97
  }
  return rest
}
