import { mount } from '@vue/test-utils'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { expect, it } from 'vitest'
import { i18n, speak, speakOfAll } from '@/i18n'
import AuditVerdict, { type Verdict } from './AuditVerdict.vue'

const whole: Verdict = {
  entries: 6,
  head: 'c0ffee',
  anchoredTo: '6',
  verifiedAt: '2026-11-20T10:00:00Z',
  fault: null,
  guardFaults: [],
}
const unguarded = ['TRIGGER', 'PRIVILEGE', 'ROW_SECURITY', 'OWNER'].map((kind) => ({
  kind,
  table: 'platform.audit_entry',
}))

it.each([
  {
    language: 'fr',
    intact: 'intact, mais n’est plus protégé',
    broken: 'Le journal n’est pas ce qui',
    told: 'Ce qui refuse les changements dans platform.audit_entry',
  },
  {
    language: 'en',
    intact: 'intact, but no longer protected',
    broken: 'The log has been altered',
    told: 'What refuses changes in platform.audit_entry',
  },
] as const)(
  'what no longer guards the log is told beside what was changed in it ($language)',
  async ({ language, intact, broken, told }) => {
    await Promise.all([speak(language), speakOfAll()])
    const show = (verdict: Verdict) => mount(AuditVerdict, { props: { verdict }, global: { plugins: [i18n, icons] } })
    expect(show(whole).find('[role=alert]').exists()).toBe(false)
    const open = show({ ...whole, guardFaults: unguarded })
    expect(open.find('[role=alert]').text()).toContain(intact)
    expect(open.text()).toContain('c0ffee')
    expect(open.findAll('li').map((item) => item.text())).toEqual([
      expect.stringContaining(told),
      ...Array.from({ length: 3 }, () => expect.stringMatching(/ .*platform\.audit_entry/)),
    ])
    const both = show({ ...whole, fault: { kind: 'CHANGED', position: '4' }, guardFaults: unguarded })
    expect(both.text()).toContain(broken)
    expect(both.findAll('li')).toHaveLength(4)
  },
)
