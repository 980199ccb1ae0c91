import { computed } from 'vue'
import { useViewer } from '@/composables/useViewer'
import { adminPlaces } from './places'

/** The pages of the administration that the viewer's scopes open. */
export function useAdminPlaces() {
  const { viewer } = useViewer()
  const places = computed(() => adminPlaces.filter(({ scope }) => viewer.value?.scopes.includes(scope)))
  const administers = computed(() => places.value.length > 0)
  return { places, administers }
}
