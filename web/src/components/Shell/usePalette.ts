import type { CommandPaletteGroup } from '@nuxt/ui/components/CommandPalette.vue'
import { refDebounced } from '@vueuse/core'
import { computed, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { apollo } from '@/api/client'
import { fileIcon } from '@/components/Document/file-look'
import { entityLook } from '@/components/Graph/entity-look'
import { useEntityWords } from '@/components/Graph/useEntityWords'
import { useTurn } from '@/composables/useTurn'
import {
  PaletteDocumentsDocument,
  PaletteEntitiesDocument,
  PaletteShipmentsDocument,
  type EntityRowFragment,
} from '@/gql/graphql'
import { allPlaces } from './navigation'

interface Found {
  documents: { id: string; title: string; contentType: string }[]
  shipments: { id: string; trackingNumber: string; reference: string | null }[]
  entities: EntityRowFragment[]
}

const nothing: Found = { documents: [], shipments: [], entities: [] }

/** Asks the three owners at once; one that is away leaves its part empty. */
async function find(search: string): Promise<Found> {
  const variables = { search }
  const [documents, shipments, entities] = await Promise.allSettled([
    apollo.query({ query: PaletteDocumentsDocument, variables }),
    apollo.query({ query: PaletteShipmentsDocument, variables }),
    apollo.query({ query: PaletteEntitiesDocument, variables }),
  ])
  return {
    documents: documents.status === 'fulfilled' ? (documents.value.data?.documents?.nodes ?? []) : [],
    shipments: shipments.status === 'fulfilled' ? (shipments.value.data?.shipments?.nodes ?? []) : [],
    entities: entities.status === 'fulfilled' ? (entities.value.data?.entities?.nodes ?? []) : [],
  }
}

/** The groups of the command palette for what is typed: pages at once, the rest as the API finds it. */
export function usePalette(term: Ref<string>) {
  const { t } = useI18n()
  const words = useEntityWords()
  const found = shallowRef(nothing)
  const searching = shallowRef(false)
  const typed = refDebounced(term, 200)
  const begin = useTurn()

  watch(typed, async (text) => {
    const isMine = begin()
    const search = text.trim()
    searching.value = search.length >= 2
    const result = searching.value ? await find(search) : nothing
    if (!isMine()) return
    found.value = result
    searching.value = false
  })

  const groups = computed<CommandPaletteGroup[]>(() => {
    const text = term.value.trim()
    const pages = allPlaces.map(({ name, label, icon }) => ({ label: t(label), icon, to: { name } }))
    return [
      { id: 'pages', label: t('palette.pages'), items: pages },
      ...(text ? [{ id: 'actions', label: t('palette.actions'), ignoreFilter: true, items: actions(text) }] : []),
      {
        id: 'documents',
        label: t('palette.documents'),
        ignoreFilter: true,
        items: found.value.documents.map(toDocument),
      },
      {
        id: 'shipments',
        label: t('palette.shipments'),
        ignoreFilter: true,
        items: found.value.shipments.map(toShipment),
      },
      { id: 'entities', label: t('palette.entities'), ignoreFilter: true, items: found.value.entities.map(toEntity) },
    ].filter(({ items }) => items.length > 0)
  })

  const actions = (text: string) => [
    {
      label: t('palette.askThis', { text }),
      icon: 'i-lucide-message-circle-question',
      to: { name: 'ask', query: { q: text } },
    },
    {
      label: t('palette.searchThis', { text }),
      icon: 'i-lucide-text-search',
      to: { name: 'search', query: { q: text } },
    },
  ]
  const toDocument = ({ id, title, contentType }: Found['documents'][number]) => ({
    label: title,
    icon: fileIcon(contentType),
    to: { name: 'document', params: { id } },
  })
  const toShipment = ({ id, trackingNumber, reference }: Found['shipments'][number]) => ({
    label: trackingNumber,
    suffix: reference ?? '',
    icon: 'i-lucide-package',
    to: { name: 'shipment', params: { id } },
  })
  const toEntity = (entity: Found['entities'][number]) => ({
    label: entity.name,
    suffix: words.kind(entity),
    icon: entityLook(entity).icon,
    to: { name: 'graph', query: { entity: entity.id } },
  })

  return { groups, searching }
}
