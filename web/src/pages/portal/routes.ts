import type { RouteRecordRaw } from 'vue-router'

/** What clients of an organisation see: by a link, or with an account that names a client. */
export const portalRoutes: RouteRecordRaw = {
  path: '/portal',
  component: () => import('../../components/Portal/PortalShell.vue'),
  meta: { portal: true },
  children: [
    { path: '', name: 'portal', component: () => import('./PortalHomePage.vue'), meta: { title: 'portal.nav.home' } },
    {
      path: 'requests',
      name: 'portal-requests',
      component: () => import('./PortalRequestsPage.vue'),
      meta: { title: 'portal.nav.requests' },
    },
    {
      path: 'requests/new',
      name: 'portal-new-request',
      component: () => import('./PortalNewRequestPage.vue'),
      meta: { title: 'portal.request.new' },
    },
    {
      path: 'requests/:id',
      name: 'portal-request',
      component: () => import('./PortalRequestPage.vue'),
      props: true,
      meta: { title: 'portal.nav.requests' },
    },
    {
      path: 'stays',
      name: 'portal-stays',
      component: () => import('./PortalStaysPage.vue'),
      meta: { title: 'portal.nav.stays' },
    },
    {
      path: 'shipments',
      name: 'portal-shipments',
      component: () => import('./PortalShipmentsPage.vue'),
      meta: { title: 'portal.nav.shipments' },
    },
    {
      path: 'shipments/:id',
      name: 'portal-shipment',
      component: () => import('./PortalShipmentPage.vue'),
      props: true,
      meta: { title: 'portal.nav.shipments' },
    },
    {
      path: 'properties',
      name: 'portal-properties',
      component: () => import('./PortalPropertiesPage.vue'),
      meta: { title: 'portal.nav.properties' },
    },
    {
      path: 'properties/:id',
      name: 'portal-property',
      component: () => import('./PortalPropertyPage.vue'),
      props: true,
      meta: { title: 'portal.nav.properties' },
    },
    {
      path: 'documents',
      name: 'portal-documents',
      component: () => import('./PortalDocumentsPage.vue'),
      meta: { title: 'portal.nav.documents' },
    },
    {
      path: 'account',
      name: 'portal-account',
      component: () => import('./PortalAccountPage.vue'),
      meta: { title: 'portal.nav.account' },
    },
    {
      path: ':rest(.*)*',
      name: 'portal-missing',
      component: () => import('./PortalMissingPage.vue'),
      meta: { title: 'missing.title' },
    },
  ],
}
