import { useQuery } from '@vue/apollo-composable'
import { computed } from 'vue'
import { PortalDocument } from '@/gql/graphql'
import { today } from './days'

/** Who is shown, by whom, and what matters now. Asked once for the frame and the first page. */
export function usePortal() {
  const { result, loading, error, refetch } = useQuery(PortalDocument, { today: today() })
  const viewer = computed(() => result.value?.viewer ?? undefined)
  const client = computed(() => viewer.value?.client ?? undefined)
  return { viewer, client, loading, error, refetch }
}
