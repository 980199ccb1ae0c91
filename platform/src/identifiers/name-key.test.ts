import { expect, test } from 'vitest'
import { nameKey } from './name-key.ts'

test.each([
  ['Fret Atlantique SA', 'fret atlantique'],
  ['FRET ATLANTIQUE S.A.', 'fret atlantique'],
  ['S.A.R.L. Café-Étoile', 'cafe etoile'],
  ['Sté Durand & Fils', 'durand et fils'],
  ['Lieferant GmbH', 'lieferant'],
  ['Acme, Inc.', 'acme'],
  ['Mme Claire  MARTIN', 'claire martin'],
  ['M. d’Ormesson', 'd ormesson'],
  ['St-Étienne', 'saint etienne'],
  ['Saint‑Étienne', 'saint etienne'],
  ['Œuvres sociales', 'oeuvres sociales'],
  ['SAS', 'sas'],
  ['Me', 'me'],
  ['12 rue Jean-Jaurès, 44000 Nantes', '12 rue jean jaures 44000 nantes'],
  ['– – –', ''],
])('%s is compared as %s', (name, key) => {
  expect(nameKey(name)).toBe(key)
})
