import { useQuery } from '@vue/apollo-composable'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useViewer } from '@/composables/useViewer'
import { RolePoliciesDocument, type Role } from '@/gql/graphql'

/** What each role allows, in the person's words, and which of them this person may give. */
export function useRoles() {
  const { t } = useI18n()
  const { viewer, hasRole } = useViewer()
  const { result, loading, error, refetch } = useQuery(RolePoliciesDocument)
  const policies = computed(() => result.value?.roles ?? [])
  const permissions = computed(() => result.value?.permissions ?? [])
  const own = computed(() => new Set(viewer.value?.scopes))

  /** Nobody gives what they do not hold; the server refuses it too. */
  function mayGive(role: Role): boolean {
    if (role === 'OWNER') return hasRole('OWNER')
    const policy = policies.value.find((one) => one.role === role)
    return policy?.scopes.every((scope) => own.value.has(scope)) ?? false
  }

  const items = computed(() =>
    policies.value.map(({ role }) => ({ label: t(`role.${role}`), value: role, disabled: !mayGive(role) })),
  )
  const roleNames = (held: readonly Role[]) => held.map((role) => t(`role.${role}`)).join(', ')
  const scopeName = (scope: string) => t(`scope.${scope.replace(':', '_')}`)

  return { policies, permissions, items, own, mayGive, roleNames, scopeName, loading, error, refetch }
}
