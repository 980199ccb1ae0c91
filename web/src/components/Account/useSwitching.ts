import { useQuery } from '@vue/apollo-composable'
import { computed } from 'vue'
import { useAction } from '@/composables/useAction'
import { PlacesDocument, SwitchOrganizationDocument } from '@/gql/graphql'
import { goOnIn } from './go-on-in'

/** The person's organisations, and the way from one to another: with the new session the page starts anew, in every tab. */
export function useSwitching() {
  const { result, loading, error, refetch } = useQuery(PlacesDocument, null, { fetchPolicy: 'cache-and-network' })
  const { run, busy } = useAction(SwitchOrganizationDocument)
  const places = computed(() => result.value?.viewer?.places ?? [])

  async function switchTo(organizationId: string): Promise<void> {
    const session = await run({ organizationId })
    if (session) goOnIn(session)
  }

  return { places, loading, error, refetch, switchTo, busy }
}
