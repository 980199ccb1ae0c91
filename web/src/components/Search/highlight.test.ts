import { describe, expect, it } from 'vitest'
import { parseHighlight } from './highlight'

describe('an excerpt of the search', () => {
  it('marks what stands between em tags', () => {
    expect(parseHighlight('Total <em>TTC</em> : 12 €')).toEqual([
      { text: 'Total ', marked: false },
      { text: 'TTC', marked: true },
      { text: ' : 12 €', marked: false },
    ])
  })

  it('gives back escaped characters as themselves', () => {
    expect(parseHighlight('Dupont &amp; Fils &lt;b&gt; l&#39;offre &#xE9;')).toEqual([
      { text: "Dupont & Fils <b> l'offre é", marked: false },
    ])
  })

  it('does not unescape twice', () => {
    expect(parseHighlight('&amp;lt;em&amp;gt;')).toEqual([{ text: '&lt;em&gt;', marked: false }])
  })

  it('shows unexpected markup as text', () => {
    expect(parseHighlight('<img src=x onerror=alert(1)>')).toEqual([
      { text: '<img src=x onerror=alert(1)>', marked: false },
    ])
  })

  it('keeps impossible character numbers as they were written', () => {
    expect(parseHighlight('&#9999999;&#0;&unknown;')).toEqual([{ text: '&#9999999;&#0;&unknown;', marked: false }])
  })
})
