import { useQuery } from '@vue/apollo-composable'
import { computed } from 'vue'
import { ViewerDocument, type Role } from '@/gql/graphql'

/** Who is logged in, where, and as what. */
export function useViewer() {
  const { result, loading } = useQuery(ViewerDocument)
  const viewer = computed(() => result.value?.viewer ?? undefined)
  const hasRole = (...roles: Role[]) => viewer.value?.roles.some((role) => roles.includes(role)) ?? false
  return { viewer, loading, hasRole }
}
