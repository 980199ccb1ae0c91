import { ref, watch } from 'vue'
import { apollo } from '@/api/client'
import { useViewer } from '@/composables/useViewer'
import { MembersDocument } from '@/gql/graphql'

interface Colleague {
  id: string
  name: string
}

/** Everybody who works here, by name; nobody for who may not see them. */
export function useMembers() {
  const { viewer } = useViewer()
  const members = ref<Colleague[]>([])

  async function load(): Promise<void> {
    const found: Colleague[] = []
    for (let after: string | null = ''; after !== null;) {
      const page = await readPage(after)
      found.push(...page.members)
      after = page.next
    }
    members.value = found.toSorted((one, other) => one.name.localeCompare(other.name))
  }

  watch(
    () => viewer.value?.scopes.includes('member:read') ?? false,
    (may) => void (may && load().catch(() => undefined)),
    { immediate: true },
  )
  return members
}

async function readPage(after: string): Promise<{ members: Colleague[]; next: string | null }> {
  const { data } = await apollo.query({
    query: MembersDocument,
    variables: { first: 100, ...(after && { after }) },
    fetchPolicy: 'network-only',
  })
  const page = data.viewer?.organization.members
  return {
    members: (page?.nodes ?? []).map(({ user: { id, name } }) => ({ id, name })),
    next: page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null,
  }
}
