import { useToast } from '@nuxt/ui/composables/useToast'
import { useI18n } from 'vue-i18n'
import { apollo } from '@/api/client'
import { useAction } from '@/composables/useAction'
import {
  AddToCollectionDocument,
  CollectionsDocument,
  CreateCollectionDocument,
  DeleteCollectionDocument,
  DocumentCollectionsDocument,
  RemoveFromCollectionDocument,
  type CollectionRowFragment,
} from '@/gql/graphql'

type Named = Pick<CollectionRowFragment, 'id' | 'name'>

/** What the API takes in one call. */
const atOnce = 1_000

/** What a person does to collections; each tells its outcome, and gives true when it was done. */
export function useCollectionActions() {
  const { t } = useI18n()
  const toast = useToast()
  const creating = useAction(CreateCollectionDocument)
  const adding = useAction(AddToCollectionDocument)
  const removing = useAction(RemoveFromCollectionDocument)
  const deleting = useAction(DeleteCollectionDocument)
  const reload = (...include: (typeof CollectionsDocument | typeof DocumentCollectionsDocument)[]) =>
    apollo.refetchQueries({ include }).catch(() => undefined)

  async function create(name: string): Promise<Named | undefined> {
    const made = await creating.run({ name })
    if (made) void reload(CollectionsDocument)
    return made
  }

  async function add({ id, name }: Named, documentIds: readonly string[]): Promise<boolean> {
    for (const some of portions(documentIds))
      if (!(await adding.run({ collectionId: id, documentIds: some }))) return false
    toast.add({
      title: t('collections.added', { name, n: documentIds.length }, documentIds.length),
      icon: 'i-lucide-folder-plus',
    })
    void reload(DocumentCollectionsDocument)
    return true
  }

  async function takeOut({ id, name }: Named, documentIds: readonly string[]): Promise<boolean> {
    for (const some of portions(documentIds))
      if (!(await removing.run({ collectionId: id, documentIds: some }))) return false
    toast.add({
      title: t('collections.takenOut', { name, n: documentIds.length }, documentIds.length),
      icon: 'i-lucide-folder-minus',
    })
    void reload(DocumentCollectionsDocument)
    return true
  }

  async function remove({ id, name }: Named): Promise<boolean> {
    if (!(await deleting.run({ id }))) return false
    apollo.cache.evict({ id: apollo.cache.identify({ __typename: 'Collection', id }) })
    apollo.cache.gc()
    toast.add({ title: t('collections.deleted', { name }), icon: 'i-lucide-trash-2' })
    return true
  }

  return { create, add, takeOut, remove, deleting: deleting.busy }
}

function portions(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / atOnce) }, (_none, index) =>
    ids.slice(index * atOnce, (index + 1) * atOnce),
  )
}
